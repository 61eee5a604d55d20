/* Small comforts on every page; each page works without them. Written for WebViews of 2020: no modules, no newer syntax. */
(function () {
  "use strict";

  var DRAFT = "draft:";
  var DRAFT_DAYS = 2;
  var user = document.body.getAttribute("data-user") || "";

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  function closest(node, selector) {
    return node && node.closest ? node.closest(selector) : null;
  }

  /* -- Sent once: the second press of a submit button does nothing. The server refuses doubles too. -------------- */

  function submitButtons(form) {
    return Array.prototype.filter.call(form.elements, function (control) {
      return control.type === "submit";
    });
  }

  function release(form) {
    form.removeAttribute("data-sending");
    submitButtons(form).forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "get" || form.method === "dialog" || event.defaultPrevented) return;
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sending", "");
    var pressed = event.submitter || document.activeElement;
    // A disabled button isn't sent: wait until the browser has read the form.
    window.setTimeout(function () {
      submitButtons(form).forEach(function (button) {
        button.disabled = true;
        if (button === pressed) button.setAttribute("aria-busy", "true");
      });
    }, 0);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = closest(event.detail && event.detail.elt, "form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) each("form[data-sending]", release);
  });

  /* -- Drafts: what was typed survives a lost session or a closed tab. ------------------------------------------- */

  function store(act) {
    // Storage may be full or forbidden; a draft is a comfort, never a condition.
    try {
      return act(window.localStorage);
    } catch (refused) {
      return null;
    }
  }

  function draftKeys() {
    return store(function (box) {
      return Object.keys(box).filter(function (key) {
        return key.indexOf(DRAFT) === 0;
      });
    }) || [];
  }

  function forget(key) {
    store(function (box) {
      box.removeItem(key);
    });
  }

  function isKept(control) {
    return control.name && control.name !== "csrfmiddlewaretoken" &&
      ["hidden", "password", "file", "submit", "button", "reset"].indexOf(control.type) < 0;
  }

  function isChoice(control) {
    return control.type === "checkbox" || control.type === "radio";
  }

  function keep(form) {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (control) {
      if (!isKept(control)) return;
      var kept = values[control.name] = values[control.name] || [];
      if (!isChoice(control)) kept.push(control.value);
      else if (control.checked) kept.push(control.value);
    });
    store(function (box) {
      box.setItem(DRAFT + user + ":" + form.getAttribute("data-draft"), JSON.stringify({ at: Date.now(), values: values }));
    });
  }

  function bring(form) {
    var key = DRAFT + user + ":" + form.getAttribute("data-draft");
    var text = store(function (box) {
      return box.getItem(key);
    });
    if (!text) return;
    var kept = JSON.parse(text);
    // What the server sent back with an error is newer than any draft.
    if (Date.now() - kept.at > DRAFT_DAYS * 864e5 || form.querySelector("[aria-invalid], .summary")) return;
    Array.prototype.forEach.call(form.elements, function (control) {
      var values = isKept(control) && kept.values[control.name];
      if (!values) return;
      if (isChoice(control)) control.checked = values.indexOf(control.value) >= 0;
      else if (values.length) control.value = values.shift();
    });
  }

  each("[data-draft-done]", function (mark) {
    forget(DRAFT + user + ":" + mark.getAttribute("data-draft-done"));
  });
  draftKeys().forEach(function (key) {
    // Another user's drafts have no place on this screen.
    if (user && key.indexOf(DRAFT + user + ":") !== 0) forget(key);
  });
  each("form[data-draft]", function (form) {
    var waiting = null;
    bring(form);
    form.addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 300, form);
    });
    // It waits in the queue from now on (static/js/offline.js): a draft as well would be sent a second time.
    form.addEventListener("weige:safe", function () {
      window.clearTimeout(waiting);
      forget(DRAFT + user + ":" + form.getAttribute("data-draft"));
    });
    ["change", "submit"].forEach(function (moment) {
      form.addEventListener(moment, function () {
        window.clearTimeout(waiting);
        keep(form);
      });
    });
  });
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-clear-drafts")) draftKeys().forEach(forget);
  });

  /* -- Letters left under a text that has a limit. `maxlength` cuts what is pasted; `data-limit` only counts, and the
        server says how much to cut. ---------------------------------------------------------------------------------- */

  each("textarea[maxlength], textarea[data-limit]", function (area) {
    // The server leaves an empty line for it under a form's field, so that nothing moves when the number comes.
    var kept = area.nextElementSibling;
    var hasLine = kept && kept.classList.contains("counter");
    var line = hasLine ? kept : document.createElement("p");
    var limit = Number(area.getAttribute("maxlength") || area.getAttribute("data-limit"));
    line.className = "counter num";
    line.setAttribute("aria-hidden", "true");
    function count() {
      line.textContent = area.value.length + " / " + limit;
      if (area.value.length > limit * 0.9) line.setAttribute("data-near", "");
      else line.removeAttribute("data-near");
    }
    if (!hasLine) area.parentNode.insertBefore(line, area.nextSibling);
    area.addEventListener("input", count);
    count();
  });

  /* -- Dialogs and menus. A browser without <dialog> follows the link to the page that asks the same. ------------- */

  document.addEventListener("click", function (event) {
    var opener = closest(event.target, "[data-opens]");
    var closer = closest(event.target, "[data-closes]");
    var dialog = opener && document.getElementById(opener.getAttribute("data-opens"));
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    if (closer && closest(closer, "dialog")) {
      event.preventDefault();
      closest(closer, "dialog").close();
    }
    each("details[data-menu][open]", function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("details[data-menu][open]", function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* -- After a refused form, begin at what must be mended. -------------------------------------------------------- */

  var first = document.querySelector("[data-focus]");
  if (first) first.focus();
  each("[data-print]", function (button) {
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
