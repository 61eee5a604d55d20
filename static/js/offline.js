/* The phone without a network, on every page: how much waits stands in the header, a form that can wait goes through the
   queue, a page that was kept says of when it is, and logging out asks about what was not sent. Each form works without
   this. Written for WebViews of 2020: no modules, no newer syntax. */
(function () {
  "use strict";

  var STALE_PHOTOS = 2 * 864e5;
  var SOON = 8000;
  var queue = window.weigeQueue;
  var store = window.weigeStore;
  var root = document.getElementById("offline");
  var body = document.body;
  var user = body.getAttribute("data-user") || "";
  if (!root) return;

  function each(selector, act, base) {
    Array.prototype.forEach.call((base || document).querySelectorAll(selector), act);
  }

  function text(name) {
    return root.getAttribute("data-" + name) || "";
  }

  function newId() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    var digits = Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function say(words, tone) {
    var note = document.createElement("div");
    note.className = "message";
    note.setAttribute("data-tone", tone);
    note.innerHTML = root.querySelector("[data-sign=" + tone + "]").innerHTML;
    note.appendChild(document.createElement("p")).textContent = words;
    var messages = document.getElementById("messages");
    messages.textContent = "";
    messages.appendChild(note);
    return note;
  }

  /* -- A page of this phone: of when it is, and with a form that nobody has sent yet. ---------------------------------- */

  function moment(at) {
    function two(number) { return (number < 10 ? "0" : "") + number; }
    var time = two(at.getHours()) + ":" + two(at.getMinutes());
    return at.toDateString() === new Date().toDateString() ? time : two(at.getMonth() + 1) + "-" + two(at.getDate()) + " " + time;
  }

  function freshen(form) {
    var id = newId();
    each("input[name=client_uuid]", function (field) { field.value = id; }, form);
    each("[data-photos]", function (field) {
      field.setAttribute("data-key", id);
      each("[data-drafts] li", function (photo) { photo.parentNode.removeChild(photo); }, field);
    }, form);
  }

  var keptAt = body.getAttribute("data-kept-at");
  if (keptAt) {
    var asOf = moment(new Date(Number(keptAt)));
    // The page of what waits is filled in here and now: it has no moment of its own.
    if (!document.getElementById("on-this-phone")) say(text("kept-page").replace("{time}", asOf), "warning");
    each("form[data-offline]", freshen);
  }

  /* -- Pages to be kept, and whose they are. ----------------------------------------------------------------------------- */

  var KEPT = text("pages").split(" ");

  function forgetPages(isGone) {
    if (!window.caches) return Promise.resolve();
    return window.caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) {
        return name.indexOf("pages-") === 0 && isGone(name);
      }).map(function (name) { return window.caches.delete(name); }));
    });
  }

  if (user) forgetPages(function (name) { return name !== "pages-" + user; });
  else if (body.querySelector("[data-logged-out]")) forgetPages(function () { return true; });

  if (user && "serviceWorker" in window.navigator && KEPT.indexOf(window.location.pathname) >= 0) {
    window.navigator.serviceWorker.register(text("worker")).then(function () {
      return window.navigator.serviceWorker.ready;
    }).then(function (registered) {
      registered.active.postMessage({ keep: KEPT, user: user });
    }, function () {
      // Refused by the browser or the network: the pages then need a network, the queue works all the same.
      root.setAttribute("data-without-worker", "");
    });
  }

  if (!queue) return;

  /* -- How much waits: in the header of every page. ---------------------------------------------------------------------- */

  queue.listen(function (news) {
    var count = news.rows.length + news.others;
    var needsHelp = news.rows.some(function (row) { return row.state !== "waiting"; });
    if (count) body.setAttribute("data-something-waits", "");
    else body.removeAttribute("data-something-waits");
    each("[data-waiting]", function (sign) {
      sign.hidden = !count;
      sign.setAttribute("data-tone", needsHelp || news.needsLogin ? "error" : "info");
      sign.querySelector("[data-number]").textContent = count;
      sign.setAttribute("aria-label", text("waits").replace("{count}", count));
    });
  });

  /* -- Forms that can wait. ---------------------------------------------------------------------------------------------- */

  function isFree(control) {
    return control.name && !control.disabled && control.name !== "csrfmiddlewaretoken" && control.type !== "file" &&
      ["submit", "button", "reset"].indexOf(control.type) < 0;
  }

  function isOn(control) {
    return control.type !== "checkbox" && control.type !== "radio" || control.checked;
  }

  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (control) { return isFree(control) && isOn(control); });
  }

  /* A label without its “required” and its sign. */
  function nameIn(label) {
    return (label.firstChild.data || "").trim() || label.textContent.trim();
  }

  /* What stands in the form, in words, for the list of what waits. */
  function inWords(form) {
    return controls(form).filter(function (control) {
      return control.type !== "hidden" && control.value;
    }).map(function (control) {
      var label = control.labels && control.labels[0] ? nameIn(control.labels[0]) : "";
      if (control.tagName === "SELECT") {
        return [label, control.options[control.selectedIndex].textContent.trim()];
      }
      var group = control.type === "radio" && control.closest("fieldset");
      var legend = group && group.querySelector("legend");
      if (group) return [legend ? nameIn(legend) : "", label];
      return [label, control.type === "checkbox" ? "✓" : control.value];
    });
  }

  function rowOf(form) {
    var photos = form.querySelector("[data-photos]");
    var row = {
      user: user,
      url: form.getAttribute("action") || window.location.pathname,
      page: window.location.pathname,
      name: form.getAttribute("data-offline"),
      about: form.getAttribute("data-about") || newId(),
      key: photos ? photos.getAttribute("data-key") : "",
      fields: controls(form).map(function (control) { return [control.name, control.value]; }),
      words: inWords(form)
    };
    var mended = form.getAttribute("data-mends");
    if (mended) row.id = Number(mended);
    return row;
  }

  function release(form) {
    form.removeAttribute("data-sending");
    each("button", function (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }, form);
  }

  /* The server's own answer page is better than any of ours: the errors stand in the form, an ended login comes back. */
  function sendPlainly(form, row) {
    return queue.drop(row).then(function () { form.submit(); });
  }

  function keptSafely(form) {
    release(form);
    form.reset();
    form.removeAttribute("data-mends");
    freshen(form);
    form.dispatchEvent(new Event("change", { bubbles: true }));
    window.dispatchEvent(new Event("weige:kept"));
    say(text("kept-form"), "success").setAttribute("tabindex", "-1");
    document.querySelector("#messages .message").focus();
  }

  function answered(form, row, answer) {
    if (!answer || answer.status === 408 || answer.status === 429 || answer.status >= 500) return keptSafely(form);
    if (answer.status === 200 || answer.status === 201) {
      window.location.assign(answer.data.url);
      return null;
    }
    return (row.key ? store.photosOf(row.key) : Promise.resolve([])).then(function (photos) {
      // A photo that is only here would be lost on the way to the server's page: the list of what waits shows it.
      return photos.length ? window.location.assign(text("page")) : sendPlainly(form, row);
    });
  }

  function submit(form) {
    var row = rowOf(form);
    return queue.add(row).then(function (id) {
      row.id = id;
      var patience = new Promise(function (resolve) { window.setTimeout(resolve, SOON, {}); });
      return Promise.race([queue.send(), patience]);
    }).then(function (results) {
      return answered(form, row, results[row.id]);
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || !form.hasAttribute("data-offline") || !user) return;
    var pressed = event.submitter;
    if (pressed && pressed.name) return;  // a button that only changes the page
    event.preventDefault();
    submit(form).then(null, function () {
      form.submit();  // nothing can be kept in this browser: then the form goes as it always did
    });
  });

  /* -- Mending what was refused: the form as it was, with the same id. ---------------------------------------------------- */

  function fill(form, row) {
    var values = {};
    row.fields.forEach(function (pair) { (values[pair[0]] = values[pair[0]] || []).push(pair[1]); });
    Array.prototype.forEach.call(form.elements, function (control) {
      var kept = values[control.name];
      if (control.name === "form_owner" || control.name === "csrfmiddlewaretoken" || control.type === "file") return;
      if (control.type === "checkbox" || control.type === "radio") control.checked = Boolean(kept) && kept.indexOf(control.value) >= 0;
      else if (kept && kept.length) control.value = kept.shift();
    });
  }

  var mends = /^#mend-(\d+)$/.exec(window.location.hash);
  if (mends) {
    store.forms().then(function (rows) {
      var row = rows.filter(function (one) { return one.id === Number(mends[1]) && one.user === user; })[0];
      var form = document.querySelector("form[data-offline]");
      if (!row || !form) return;
      fill(form, row);
      form.setAttribute("data-mends", row.id);
      each("[data-photos]", function (field) { field.setAttribute("data-key", row.key); }, form);
      window.dispatchEvent(new Event("weige:kept"));
      if (row.reason) say(row.reason, "error");
    });
  }

  /* -- Logging out forgets everything, and asks first when something waits. ------------------------------------------------ */

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-clear-drafts") || form.hasAttribute("data-cleared")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    function leave() {
      form.setAttribute("data-cleared", "");
      form.requestSubmit ? form.requestSubmit() : form.submit();
    }
    store.forms().then(function (rows) {
      var waits = rows.some(function (row) { return row.user === user; });
      if (waits && !form.hasAttribute("data-anyway")) return window.location.assign(text("page") + "#leaving");
      var gone = [store.clear(user), forgetPages(function () { return true; })];
      return Promise.all(gone).then(leave);
    }).then(null, leave);
  }, true);

  /* Photos of a form that was never sent are nobody's after two days. */
  store.allPhotos().then(function (photos) {
    return store.forms().then(function (rows) {
      photos.forEach(function (photo) {
        var isOwned = rows.some(function (row) { return row.key === photo.key; });
        if (!isOwned && Date.now() - photo.at > STALE_PHOTOS) store.removePhoto(photo.id);
      });
    });
  }).then(null, function () { /* no store: nothing lies in it */ });

  queue.tell().then(function (news) {
    if (news.rows.length) queue.send();
  }, function () { /* no store: nothing waits */ });
})();
