/* The board on a wall: one screen after the other every twenty seconds, the ticker every eight. It outlives the network
   and a lost log-in, and says since when its figures stand still. Without this file it shows its first screen and the
   page is loaded again each minute. */
(function () {
  "use strict";

  var SCREEN = 20000;
  var NEWS = 8000;
  var turn = 0;
  var line = 0;
  var lostAt = null;

  function wall() {
    return document.querySelector("[data-wall]");
  }

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

  function now() {
    var date = new Date();
    return ("0" + date.getHours()).slice(-2) + ":" + ("0" + date.getMinutes()).slice(-2);
  }

  function lost(why) {
    var alarm = document.getElementById("wall-alarm");
    lostAt = lostAt || now();
    alarm.textContent = alarm.getAttribute(why).replace("{at}", lostAt).replace("{as_of}", wall().getAttribute("data-as-of"));
    alarm.hidden = false;
  }

  function found() {
    lostAt = null;
    document.getElementById("wall-alarm").hidden = true;
  }

  // An answer without a wall is the page of the log-in, or of an error: what hangs there stays.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var request = event.detail.xhr;
    if (request.status === 200 && request.responseText.indexOf("data-wall") > 0) {
      found();
      return;
    }
    event.detail.shouldSwap = false;
    lost(request.status === 200 ? "data-out" : "data-lost");
  });
  document.addEventListener("htmx:sendError", function () { lost("data-lost"); });
  document.addEventListener("htmx:timeout", function () { lost("data-lost"); });
  window.addEventListener("offline", function () { lost("data-lost"); });
  document.addEventListener("htmx:afterSwap", show);

  window.setInterval(function () { turn += 1; show(); }, SCREEN);
  window.setInterval(function () { line += 1; show(); }, NEWS);
  show();
})();
