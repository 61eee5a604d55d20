"""Pages that follow what happens: within a second of a commit, without asking the database whether anything did.

Every change of what a queue or a board shows gives its street, and the whole district, a new version in Redis
(`dispatch.live.versions`, after the commit). An open page asks each second `GET /live/<place>/?v=<version>`, which
`dispatch.live.middleware` answers from Redis alone: 204 while the version stands, else 200 with the new one.

A page joins in three steps:

1. The view calls `live_page(*units)` BEFORE its own queries and puts the answer into the context as `live`. `units` are
   what the page shows, of any tier: a unit's street is followed; without any, or with units of several streets, the
   whole district is. What commits while the page is being made is then at worst fetched twice, never missed.
2. The template says `{% include "components/_live.html" %}` INSIDE the part that is renewed, so that each renewal
   brings the new version and a new ticket, and loads `js/live.js` before its own script.
3. The part renews itself on the event `live:changed` of the document:
   `hx-trigger="live:changed from:document, every 30s"` (the half minute is for what time alone changes, minutes left,
   and for a page whose polls fail). The event's detail: `{place, version}`. It is sent once for each version, and when
   the ticket has run out: the renewal goes through the log-in and the rights of every page, and brings a new one.

What many pages of one place show alike is made once for all of them: `dispatch.live.renewals.shared`. The same versions
key the cached counts beside the menu (`dispatch.overview.needs_cache`).
"""

from dispatch.live.tickets import LivePage, live_page

__all__ = ["LivePage", "live_page"]
