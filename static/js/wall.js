/* The board on a wall: one screen after the other every twenty seconds, the ticker every eight. It outlives the
   network, and says since when its figures stand still. Without this file it shows its first screen and the
   page is loaded again each minute. */
(function () {
  "use strict";

  var SCREEN = 20000;
  var NEWS = 8000;
  var turn = 0;
  var line = 0;
  var lostAt = null;

  function showOne(selector, number) {
    var all = document.querySelectorAll(selector);
    Array.prototype.forEach.call(all, function (each, index) {
      each.hidden = index !== number % all.length;
    });
  }

  function show() {
    showOne("[data-screen]", turn);
    showOne("[data-news]", line);
  }

  /* By the clock of the figures, wherever the screen believes to be. */
  function now() {
    return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  }

  function lost() {
    var alarm = document.getElementById("wall-alarm");
    lostAt = lostAt || now();
    var asOf = document.querySelector("[data-as-of]").getAttribute("data-as-of");
    alarm.textContent = alarm.getAttribute("data-lost").replace("{at}", lostAt).replace("{as_of}", asOf);
    alarm.hidden = false;
  }

  function found() {
    lostAt = null;
    document.getElementById("wall-alarm").hidden = true;
  }

  // An answer without a wall is an error's page: what hangs there stays. (Who is logged out comes to the log-in.)
  document.addEventListener("htmx:beforeSwap", function (event) {
    var request = event.detail.xhr;
    if (request.status === 200 && request.responseText.indexOf("data-wall") > 0) {
      found();
      return;
    }
    event.detail.shouldSwap = false;
    lost();
  });
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  window.addEventListener("offline", lost);
  // The network is back: the figures are fetched at once, whether anything has changed meanwhile or not.
  window.addEventListener("online", function () {
    document.dispatchEvent(new CustomEvent("live:changed"));
  });
  document.addEventListener("htmx:oobAfterSwap", show);

  window.setInterval(function () { turn += 1; show(); }, SCREEN);
  window.setInterval(function () { line += 1; show(); }, NEWS);
  show();
})();
