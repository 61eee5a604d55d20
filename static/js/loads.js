/* A file dropped on the door instead of chosen. Without this file the ordinary input does the same. Written for WebViews
   of 2020: no modules, no newer syntax. */
(function () {
  "use strict";

  var zone = document.querySelector("[data-drop-zone]");
  var input = zone && zone.querySelector("[data-drop]");
  var word = zone && zone.querySelector("[data-drop-word]");
  if (!input || !word) return;

  function show() {
    if (input.files.length) word.textContent = input.files[0].name;
  }

  // The input lies unseen over the whole zone, so that a press and a drop both reach it by themselves.
  zone.setAttribute("data-live", "");
  input.addEventListener("change", show);
  ["dragenter", "dragover"].forEach(function (moment) {
    zone.addEventListener(moment, function () {
      zone.classList.add("is-over");
    });
  });
  ["dragleave", "drop"].forEach(function (moment) {
    zone.addEventListener(moment, function () {
      zone.classList.remove("is-over");
    });
  });
  show();
})();
