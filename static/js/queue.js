/* The queue with keys (see the sheet behind "?") and a panel beside it. Without this file a row opens the incident,
   and boxes and buttons work by themselves. */
(function () {
  "use strict";

  var queue = document.querySelector("[data-queue]");
  var panel = document.getElementById("queue-panel");
  var bar = document.getElementById("together");
  var sheet = document.getElementById("keys");
  var wide = window.matchMedia("(min-width: 80rem)");
  var chosen = null;
  var picked = {};
  var lastPicked = null;
  var told = "";
  if (!queue || !panel || !window.htmx) return;

  function list(selector) {
    return Array.from(queue.querySelectorAll(selector));
  }

  function rows() {
    return list("[data-row]");
  }

  function nameOf(row) {
    return row.getAttribute("data-row");
  }

  function named(name) {
    return rows().filter(function (row) { return nameOf(row) === name; })[0];
  }

  function mark() {
    rows().forEach(function (row) {
      var isChosen = row.classList.toggle("chosen", nameOf(row) === chosen);
      if (isChosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  }

  /* The panel */

  function show(row) {
    var link = row && row.querySelector("[data-panel]");
    if (!link) return;
    chosen = nameOf(row);
    mark();
    if (!wide.matches) return;
    panel.hidden = false;
    queue.classList.add("has-panel");
    // Another incident's until the answer is here.
    panel.querySelectorAll("form").forEach(function (form) { form.style.visibility = "hidden"; });
    window.htmx.ajax("GET", link.getAttribute("data-panel"), { target: panel });
  }

  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.target === panel && !event.detail.successful) panel.textContent = "";
  });

  function hide() {
    var row = chosen && named(chosen);
    chosen = null;
    panel.hidden = true;
    panel.textContent = "";
    queue.classList.remove("has-panel");
    mark();
    if (row) row.querySelector("[data-panel]").focus({ preventScroll: true });
  }

  function step(by) {
    var all = rows();
    var at = all.map(nameOf).indexOf(chosen);
    var next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next) return;
    show(next);
    next.querySelector("[data-panel]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  queue.addEventListener("click", function (event) {
    var link = event.target.closest("[data-panel]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A second press opens the incident's page.
    if (nameOf(link.closest("[data-row]")) === chosen) return;
    event.preventDefault();
    show(link.closest("[data-row]"));
  });

  /* Selected rows, by number: they are made anew */

  function boxes() {
    return list("input[type=checkbox][name=number]");
  }

  function paint() {
    var count = 0;
    boxes().forEach(function (box) {
      box.checked = !!picked[box.value];
      box.closest("[data-row]").classList.toggle("is-picked", box.checked);
      if (box.checked) count += 1;
    });
    if (!bar) return;
    var said = bar.querySelector("[data-picked]");
    said.textContent = said.getAttribute("data-picked").replace("#", count);
    bar.hidden = !count;
    bar.querySelector("[data-unpick]").hidden = !count;
  }

  function pick(box, on, wholeRange) {
    var all = boxes();
    var from = wholeRange ? all.findIndex(function (each) { return each.value === lastPicked; }) : -1;
    var to = all.indexOf(box);
    if (from < 0) from = to;
    all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (each) { picked[each.value] = on; });
    lastPicked = box.value;
    paint();
  }

  function unpick() {
    picked = {};
    lastPicked = null;
    paint();
  }

  function isPicking() {
    return bar && !bar.hidden;
  }

  queue.addEventListener("click", function (event) {
    if (event.target.matches("input[type=checkbox][name=number]")) pick(event.target, event.target.checked, event.shiftKey);
    else if (event.target.closest("[data-unpick]")) unpick();
  });

  /* Keys */

  function press(key, root) {
    var target = (root || document).querySelector('[data-key="' + key + '"]');
    if (!target) return;
    target.click();
    if (target.tagName === "SUMMARY") target.focus();
  }

  function dispatch() {
    var lead = panel.querySelector("[name=lead]");
    if (isPicking()) press("d", bar);
    else if (lead && chosen) lead.focus();
  }

  /* The selected ones; else the chosen one with those like it. */
  function merge() {
    var link = chosen && named(chosen).querySelector("[data-panel]");
    if (isPicking()) press("m", bar);
    else if (link) location.assign(link.href + "merge/?next=" + encodeURIComponent(location.pathname + location.search));
  }

  function select(event) {
    var row = event.target.closest("[data-row]") || (chosen && named(chosen));
    var box = row && row.querySelector("input[type=checkbox][name=number]");
    if (!box || event.target === box || /^(BUTTON|SUMMARY)$/.test(event.target.tagName)) return false;
    pick(box, event.shiftKey || !box.checked, event.shiftKey);
    return true;
  }

  var KEYS = {
    j: function () { step(1); },
    k: function () { step(-1); },
    d: dispatch,
    t: function () { press("t", panel); },
    m: merge,
    n: function () { press("n", queue); },
    "/": function () {
      var field = document.getElementById("filter_number");
      if (field) field.focus();
    },
    "?": function () { if (sheet && sheet.showModal) sheet.showModal(); },
    Escape: function () { (chosen ? hide : unpick)(); }
  };

  document.addEventListener("keydown", function (event) {
    var typing = /^(SELECT|TEXTAREA)$/.test(event.target.tagName) ||
      (event.target.tagName === "INPUT" && event.target.type !== "checkbox");
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || (sheet && sheet.open)) return;
    if (typing) {
      if (key === "Escape") event.target.blur();
    } else if (key === " ") {
      if (select(event)) event.preventDefault();
    } else if (/^[1-7]$/.test(key)) {
      var tab = list(".queue-head .tabs a")[Number(key) - 1];
      if (tab) tab.click();
    } else if (KEYS[key]) {
      event.preventDefault();
      KEYS[key](event);
    }
  });

  /* What was chosen and selected stays so in a renewed list. New rows are read out once. */

  function announce() {
    var news = queue.querySelector(".queue-news");
    var said = news ? news.textContent.trim() : "";
    if (said !== told) document.querySelector("[data-announce]").textContent = said;
    told = said;
  }

  // Not when it has settled: a key in between would find nothing selected.
  document.addEventListener("htmx:afterSwap", function () {
    mark();
    paint();
    announce();
  });
  window.addEventListener("pageshow", paint);
  paint();
})();
