/* The phone without a network, on every page: how much waits stands in the header, a form that can wait goes through the
   queue, a page that was kept says of when it is, and logging out asks about what was not sent. Each form works without
   this. */
(function () {
  "use strict";

  var STALE_PHOTOS = 14 * 864e5;
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

  window.weigeNewId = newId;

  /* On top of the page, where the server's own messages stand; seen and read out although the thumb is further down. */
  function say(words, tone, link) {
    var note = document.createElement("div");
    var line = document.createElement("p");
    note.className = "message";
    note.tabIndex = -1;
    note.setAttribute("data-tone", tone);
    note.innerHTML = root.querySelector("[data-sign=" + tone + "]").innerHTML;
    line.textContent = words + " ";
    if (link) line.appendChild(link);
    note.appendChild(line);
    var messages = document.getElementById("messages");
    messages.textContent = "";
    messages.appendChild(note);
    return note;
  }

  function sayAloud(words, tone, link) {
    say(words, tone, link).focus();
    window.scrollTo(0, 0);
  }

  var SAID = "weige:said";

  function sayOnNextPage(words) {
    try {
      window.sessionStorage.setItem(SAID, words);
    } catch (refused) {
      return;  // the timeline of that page shows it all the same
    }
  }

  function sayFromLastPage() {
    try {
      var words = window.sessionStorage.getItem(SAID);
      window.sessionStorage.removeItem(SAID);
      if (words) say(words, "success");
    } catch (refused) {
      return;
    }
  }

  function linkToWaiting() {
    var link = document.createElement("a");
    link.href = text("page");
    link.className = "nowrap";
    link.textContent = text("see");
    return link;
  }

  sayFromLastPage();

  /* -- A page of this phone: of when it is, and with a form that nobody has sent yet. */

  function moment(at) {
    function two(number) { return (number < 10 ? "0" : "") + number; }
    var time = two(at.getHours()) + ":" + two(at.getMinutes());
    return at.toDateString() === new Date().toDateString() ? time : two(at.getMonth() + 1) + "-" + two(at.getDate()) + " " + time;
  }

  function freshen(form) {
    var id = newId();
    each("input[name=client_uuid], input[name=draft_key], input[name=form_id]", function (field) { field.value = id; }, form);
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

  /* -- Pages to be kept, and whose they are. */

  var KEPT = text("pages").split(" ");

  function forgetPages(but) {
    if (!window.caches) return Promise.resolve();
    return window.caches.keys().then(function (names) {
      var gone = names.filter(function (name) { return name.indexOf("pages-") === 0 && name !== but; });
      return Promise.all(gone.map(function (name) { return window.caches.delete(name); }));
    });
  }

  if (user) forgetPages("pages-" + user);
  else if (body.querySelector("[data-logged-out]")) forgetPages();

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

  /* Nobody is logged in, on the log-in page: whoever left something here reads that it still lies there. */
  if (!user && store && store.isThere) {
    store.forms().then(function (rows) {
      if (rows.length) say(text("waits-here").replace("{count}", rows.length), "warning");
    }, function () { /* no store: nothing waits */ });
  }

  if (!queue) return;

  /* -- How much waits: in the header of every page. */

  queue.listen(function (news) {
    var count = news.rows.length + news.others;
    var needsHelp = news.rows.some(function (row) { return row.state !== "waiting"; });
    if (count) body.setAttribute("data-something-waits", "");
    else body.removeAttribute("data-something-waits");
    each("[data-waiting]", function (sign) {
      sign.hidden = !count;
      sign.setAttribute("data-tone", needsHelp || news.needsLogin ? "error" : "info");
      sign.querySelector("[data-number]").textContent = count;
      sign.querySelector("[data-word]").hidden = needsHelp;
      sign.querySelector("[data-word-help]").hidden = !needsHelp;
      sign.title = text("waits").replace("{count}", count);
    });
  });

  /* -- Forms that can wait. */

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

  /* What stands in the form, in words, for the list of what waits; first how the incident stood when it was pressed. */
  function inWords(form) {
    var stood = form.getAttribute("data-stood");
    var known = stood ? [[text("word-stood"), stood]] : [];
    return known.concat(controls(form).filter(function (control) {
      return control.type !== "hidden" && control.value;
    }).map(function (control) {
      var label = control.labels && control.labels[0] ? nameIn(control.labels[0]) : "";
      if (control.tagName === "SELECT") return [label, control.options[control.selectedIndex].textContent.trim()];
      var group = control.type === "radio" && control.closest("fieldset");
      var legend = group && group.querySelector("legend");
      if (group) return [legend ? nameIn(legend) : "", label];
      return [label, control.type === "checkbox" ? "✓" : control.value];
    }));
  }

  function urlOf(form) {
    return form.getAttribute("action") || window.location.pathname;
  }

  function rowOf(form) {
    var photos = form.querySelector("[data-photos]");
    var row = {
      user: user,
      url: urlOf(form),
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

  /* The server's own answer page is better than any of ours: the errors stand in the form. */
  function sendPlainly(form, row) {
    return queue.drop(row).then(function () { form.submit(); });
  }

  /* As nobody has filled it in, with an id of its own: a step back in the browser must not find a form that was sent. */
  function clearForm(form) {
    if (!form.hasAttribute("data-about")) {
      // What the server had put back into a refused form isn't for the next report.
      each("textarea, input[type=text]", function (field) { field.defaultValue = ""; }, form);
      each("input[type=checkbox], input[type=radio]", function (choice) { choice.defaultChecked = false; }, form);
    }
    form.reset();
    form.removeAttribute("data-mends");
    freshen(form);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function keptSafely(form) {
    release(form);
    clearForm(form);
    window.dispatchEvent(new Event("weige:kept"));
    // The next report may follow at once. An act is done: pressed again, it would only be refused.
    form.hidden = form.hasAttribute("data-about");
    sayAloud(text("kept-form"), "success", linkToWaiting());
  }

  /* A mistake is mended in the form itself. All else is for the list of what waits to show: what the server has
     instead, why not, photos that are only here, and an ended login, after which it is sent by itself. */
  function answered(form, row, answer) {
    var what = answer ? queue.outcome(answer.status) : "later";
    if (what === "later") return keptSafely(form);
    if (what === "done") {
      clearForm(form);
      sayOnNextPage(answer.data.said || "");
      window.location.assign(answer.data.url);
      return null;
    }
    return (row.key ? store.photosOf(row.key) : Promise.resolve([])).then(function (photos) {
      return answer.status === 422 && !photos.length ? sendPlainly(form, row) : window.location.assign(text("page"));
    });
  }

  function submit(form) {
    var row = rowOf(form);
    return queue.add(row).then(function (id) {
      row.id = id;
      form.dispatchEvent(new Event("weige:safe"));
      var patience = new Promise(function (resolve) { window.setTimeout(resolve, SOON, {}); });
      return Promise.race([queue.send(), patience]);
    }).then(function (results) {
      return answered(form, row, results[row.id]);
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || !form.hasAttribute("data-offline") || !user) return;
    // Chromium 80 doesn't say what was pressed: then it is the button that has the focus, or none.
    var pressed = event.submitter || document.activeElement;
    if (pressed && pressed.type === "submit" && pressed.name) return;  // a button that only changes the page
    event.preventDefault();
    submit(form).then(null, function () {
      form.submit();  // nothing can be kept in this browser: then the form goes as it always did
    });
  });

  /* -- Forms that can't wait: without a network they stay as they are, instead of giving way to the browser's error. */

  function sayNotSent() {
    sayAloud(text("not-sent"), "warning");
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (window.navigator.onLine || form.method !== "post" || form.hasAttribute("data-offline") || form.hasAttribute("data-clear-drafts")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sayNotSent();
  }, true);
  document.addEventListener("htmx:sendError", function (event) {
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "post") sayNotSent();
  });

  /* -- Mending what was refused: the form as it was, with the same id. */

  function offers(control, value) {
    return control.tagName !== "SELECT" || Array.prototype.some.call(control.options, function (option) {
      return option.value === value;
    });
  }

  function fill(found, fields) {
    var values = {};
    fields.forEach(function (pair) { (values[pair[0]] = values[pair[0]] || []).push(pair[1]); });
    Array.prototype.forEach.call(found, function (control) {
      var kept = values[control.name];
      if (control.name === "form_owner" || control.name === "csrfmiddlewaretoken" || control.type === "file") return;
      if (control.type === "checkbox" || control.type === "radio") control.checked = Boolean(kept) && kept.indexOf(control.value) >= 0;
      else if (kept && kept.length && offers(control, kept[0])) control.value = kept.shift();
    });
  }

  function mend(row, form) {
    fill(form.elements, row.fields);
    // A field that depends on another one comes with that one's change, and is filled in when it is there.
    form.addEventListener("htmx:afterSettle", function (event) {
      fill(event.target.querySelectorAll("input, select, textarea"), row.fields);
    });
    each("[hx-get]", function (control) { control.dispatchEvent(new Event("change", { bubbles: true })); }, form);
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.setAttribute("data-mends", row.id);
    each("[data-photos]", function (field) { field.setAttribute("data-key", row.key); }, form);
    window.dispatchEvent(new Event("weige:kept"));
    if (row.reason) say(row.reason, "error");
  }

  /* Its own form and no other: when the incident has moved on, its page leads elsewhere, and the fragment goes along. */
  function formOf(row) {
    var forms = document.querySelectorAll("form[data-offline]");
    return Array.prototype.find.call(forms, function (form) { return urlOf(form) === row.url; });
  }

  var mends = /^#mend-(\d+)$/.exec(window.location.hash);
  if (mends) {
    store.forms().then(function (rows) {
      var row = rows.filter(function (one) { return one.id === Number(mends[1]) && one.user === user; })[0];
      var form = row && formOf(row);
      if (form) return mend(row, form);
      // Asked once more, the server says how the matter stands by now, and what was written can become a remark.
      return row && queue.add(row).then(queue.send).then(function () { window.location.replace(text("page")); });
    });
  }

  /* -- Logging out forgets everything, and asks first when something waits. */

  function leave(form) {
    form.setAttribute("data-cleared", "");
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }

  /* Only once the server can be reached: what is cleared for a log-out that fails would be lost for nothing. */
  function clearAndLeave(form) {
    return queue.session().then(function () {
      return Promise.all([store.clear(user), forgetPages()]).then(function () { leave(form); });
    }, function () { sayAloud(text("not-left"), "warning"); });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-clear-drafts") || form.hasAttribute("data-cleared")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    store.forms().then(function (rows) {
      var waits = rows.some(function (row) { return row.user === user; });
      if (waits && !form.hasAttribute("data-anyway")) return window.location.assign(text("page") + "#leaving");
      return clearAndLeave(form);
    }).then(null, function () { leave(form); });
  }, true);

  /* Photos of a form that was never sent are nobody's after two weeks. */
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
