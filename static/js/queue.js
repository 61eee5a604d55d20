/* The queue with a keyboard and a panel beside it. Without this file each row opens the incident's own page. */
(function () {
  "use strict";

  var queue = document.querySelector("[data-queue]");
  var panel = document.getElementById("queue-panel");
  var wide = window.matchMedia("(min-width: 80rem)");
  var chosen = null;
  if (!queue || !panel || !window.htmx) return;

  function rows() {
    return Array.prototype.slice.call(queue.querySelectorAll("[data-row]"));
  }

  function mark() {
    rows().forEach(function (row) {
      if (row.getAttribute("data-row") === chosen) row.setAttribute("aria-selected", "true");
      else row.removeAttribute("aria-selected");
    });
  }

  function show(row) {
    var link = row && row.querySelector("[data-panel]");
    if (!link) return;
    chosen = row.getAttribute("data-row");
    panel.hidden = false;
    queue.classList.add("has-panel");
    mark();
    window.htmx.ajax("GET", link.getAttribute("data-panel"), { target: panel, swap: "innerHTML" });
  }

  function hide() {
    chosen = null;
    panel.hidden = true;
    panel.textContent = "";
    queue.classList.remove("has-panel");
    mark();
  }

  function step(by) {
    var all = rows();
    var at = all.map(function (row) { return row.getAttribute("data-row"); }).indexOf(chosen);
    var next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next) return;
    show(next);
    next.querySelector("[data-panel]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  queue.addEventListener("click", function (event) {
    var link = event.target.closest("[data-panel]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A second press on the row that is shown opens the incident's page.
    if (link.closest("[data-row]").getAttribute("data-row") === chosen) return;
    event.preventDefault();
    show(link.closest("[data-row]"));
  });

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (!wide.matches || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (typing) event.target.blur();
      else hide();
    }
    if (typing) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
    if (event.key === "d" && chosen) {
      var lead = panel.querySelector("[name=lead]");
      if (lead) {
        event.preventDefault();
        lead.focus();
      }
    }
  });

  // The list is renewed every twenty seconds in the order in which it stands; the chosen row stays chosen.
  document.addEventListener("htmx:afterSettle", mark);
})();
