/* While a report is typed: what is open already and may be the same, in one line above the button, with a way to add to
   it instead. Without this script the server asks once the report is sent. Written for WebViews of 2020: no modules, no
   newer syntax. */
(function () {
  "use strict";

  var PAUSE = 600;
  var LEAST = 4;
  var FIELDS = ["area", "unit", "common", "category", "place_note", "description"];
  var box = document.querySelector("[data-alike]");
  if (!box || !window.fetch) return;

  var form = box.closest("form");
  var said = form.querySelector("[data-alike-said]");
  var name = form.getAttribute("data-offline");
  var timer = null;
  var asked = "";

  function typed() {
    var all = new FormData(form);
    var fields = new URLSearchParams();
    FIELDS.forEach(function (field) {
      if (all.get(field)) fields.append(field, all.get(field));
    });
    return fields;
  }

  /* The line stands where room was kept for it: nothing moves. What was unfolded stays so. */
  function show(html) {
    var wasOpen = Boolean(box.querySelector("[open]"));
    box.innerHTML = html;
    var found = box.querySelector("details");
    var line = box.querySelector("[data-alike-line]");
    if (found) found.open = wasOpen;
    if (said.textContent !== (line ? line.textContent : "")) said.textContent = line ? line.textContent : "";
  }

  function ask() {
    var fields = typed();
    var question = fields.toString();
    if (question === asked) return;
    asked = question;
    if ((fields.get("description") || "").trim().length < LEAST || window.navigator.onLine === false) {
      asked = "";
      show("");
      return;
    }
    fields.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    window.fetch(box.getAttribute("data-alike"), {
      method: "POST", body: fields, credentials: "same-origin", redirect: "error"
    }).then(function (response) {
      return response.ok ? response.text() : "";
    }).then(function (html) {
      if (question === asked) show(html);
    }, function () {
      if (question === asked) asked = "";  // no connection: asked again with the next word
    });
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  }

  /* The name of the incident goes along as a field: so the form can wait on the phone like any report. */
  function addTo(number) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = "add_to";
    field.value = number;
    form.appendChild(field);
    form.setAttribute("data-offline", box.getAttribute("data-adds").replace("{number}", number));
  }

  function forget() {
    Array.prototype.forEach.call(form.querySelectorAll("input[name=add_to]"), function (field) {
      form.removeChild(field);
    });
    form.setAttribute("data-offline", name);
    asked = "";
    show("");
  }

  box.addEventListener("click", function (event) {
    var button = event.target.closest("[name=add_to]");
    if (!button || !form.requestSubmit) return;
    event.preventDefault();
    addTo(button.value);
    button.blur();  // Chromium 80 takes what has the focus for what was pressed
    form.requestSubmit(form.querySelector(".btn-primary"));
  });
  document.addEventListener("click", function (event) {
    var open = box.querySelector("[open]");
    if (open && !box.contains(event.target)) open.open = false;
  });
  ["input", "change", "htmx:afterSwap"].forEach(function (news) { form.addEventListener(news, later); });
  form.addEventListener("reset", forget);
  // A photo was refused and nothing was sent: whoever presses “Report” afterwards means a report.
  form.addEventListener("weige:held", function () { forget(); later(); });
  later();
})();
