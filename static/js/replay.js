/* A board of a past minute: the slider and the arrow keys change it in place. Without this file the links and the form
   open each minute as a page. */
(function () {
  "use strict";

  var WAIT = 250;
  var timer = null;

  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function clock(quarter) {
    return two(Math.floor(quarter / 4)) + ":" + two(quarter % 4 * 15);
  }

  function go(url) {
    if (!window.htmx) {
      window.location.assign(url);
      return;
    }
    window.htmx.ajax("GET", url, { target: "#replayed", select: "#replayed", swap: "outerHTML" });
    window.history.replaceState(null, "", url);
  }

  function begin() {
    var box = document.querySelector("[data-slider]");
    if (box) box.hidden = false;
  }

  function slide(slider) {
    var time = clock(Number(slider.value));
    slider.setAttribute("aria-valuetext", time);
    slider.parentNode.querySelector("output").textContent = time;
    window.clearTimeout(timer);
    timer = window.setTimeout(function () {
      go(slider.parentNode.getAttribute("data-slider").replace(/\d\d:\d\d\/$/, time + "/"));
    }, WAIT);
  }

  document.addEventListener("input", function (event) {
    if (event.target.id === "replay-slider") slide(event.target);
  });

  document.addEventListener("keydown", function (event) {
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    var link = document.querySelector('[data-step="' + event.key + '"]');
    if (!link) return;
    event.preventDefault();
    go(link.href);
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".replay-steps a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href);
  });

  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
