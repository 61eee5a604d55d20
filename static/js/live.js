/* Asks whether what the page shows has changed, and says so once: the document's event `live:changed` (place, version).
   The page renews itself with its mark (components/_live.html). Nothing is asked while nobody looks. */
(function () {
  "use strict";

  var EVERY = 600; // asking and renewing fit into the second too
  var SELDOM = 30000;
  var PATIENCE = 8000;
  var wait = EVERY;
  var timer = null;
  var asking = null;
  var state = "";
  var told = {};

  function mark() {
    return document.querySelector("[data-live]");
  }

  function show(now) {
    state = now || state;
    if (mark()) mark().setAttribute("data-state", state);
  }

  /* Once a version; again when the page renewed itself meanwhile and is behind still. */
  function tell(on, version) {
    var held = on.getAttribute("data-version") + on.getAttribute("data-ticket");
    if (told.version === version && told.mark === on && told.held === held) return;
    told = { version: version, mark: on, held: held };
    document.dispatchEvent(new CustomEvent("live:changed", {
      detail: { place: on.getAttribute("data-url").split("/")[2], version: version }
    }));
  }

  function later() {
    window.clearTimeout(timer);
    if (!document.hidden) timer = window.setTimeout(ask, wait);
  }

  function failed() {
    wait = Math.min(SELDOM, wait * 2);
    // A stumble isn't worth a word; two in a row are.
    if (wait > 2 * EVERY) show("off");
  }

  function answered(on, request) {
    if (request.status === 204 || request.status === 200) {
      wait = EVERY;
      show("on");
      if (request.status === 200) tell(on, JSON.parse(request.responseText).version);
    } else if (request.status === 403) {
      // The ticket has run out: the page comes back with another one, or at the log-in.
      wait = Math.min(SELDOM, wait * 2);
      tell(on, "");
    } else {
      failed();
    }
  }

  function ask() {
    var on = mark();
    if (asking || document.hidden) return;
    if (!on) {
      later();
      return;
    }
    var request = asking = new XMLHttpRequest();
    request.open("GET", on.getAttribute("data-url") + "?v=" + encodeURIComponent(on.getAttribute("data-version")));
    request.setRequestHeader("Live-Ticket", on.getAttribute("data-ticket"));
    request.timeout = PATIENCE;
    request.onloadend = function () {
      asking = null;
      answered(on, request);
      later();
    };
    request.send();
  }

  function atOnce() {
    wait = EVERY;
    window.clearTimeout(timer);
    ask();
  }

  document.addEventListener("visibilitychange", atOnce);
  window.addEventListener("online", atOnce);
  window.addEventListener("pageshow", atOnce);
  document.addEventListener("htmx:afterSettle", function () { show(); });
  // A renewal that never arrived is asked for again.
  document.addEventListener("htmx:sendError", function () { told = {}; });
  later();
})();
