/* Reporting and acting, made quicker: photos are sent while one still types, kinds are found by a word. Every page works
   without it. Written for WebViews of 2020: no modules, no newer syntax. */
(function () {
  "use strict";

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  /* -- Photos: sent one after the other as soon as they are chosen. --------------------------------------------------- */

  each("[data-photos]", function (field) {
    var form = field.closest("form");
    var progress = field.querySelector("[data-progress]");
    var waiting = [];
    var total = 0;
    var busy = false;
    var wantsToSend = null;

    // The form gets another id when it was kept to be sent later, or is mended (static/js/offline.js).
    function key() {
      return field.getAttribute("data-key");
    }

    function say(text, isWrong) {
      progress.textContent = text;
      if (isWrong) progress.setAttribute("data-wrong", "");
      else progress.removeAttribute("data-wrong");
    }

    function post(data) {
      data.append("draft_key", key());
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      return fetch(field.getAttribute("data-photos"), { method: "POST", body: data, credentials: "same-origin" });
    }

    function show(html) {
      var box = document.createElement("div");
      box.innerHTML = html;
      field.replaceChild(box.querySelector("[data-drafts]"), field.querySelector("[data-drafts]"));
      if (window.weigeQueue) showKept();
    }

    /* Photos that couldn't be sent wait in this browser, beside the form that they belong to. */

    function keep(file) {
      return window.weigeQueue
        ? window.weigeStore.addPhoto(window.weigeQueue.user, key(), file).then(showKept)
        : Promise.reject();
    }

    function showKept() {
      return window.weigeStore.photosOf(key()).then(function (photos) {
        var list = field.querySelector("[data-drafts]");
        each("[data-kept]", function (item) { list.removeChild(item); }, list);
        photos.forEach(function (photo) {
          var item = document.createElement("li");
          var picture = document.createElement("img");
          var button = document.createElement("button");
          item.setAttribute("data-kept", photo.id);
          picture.src = window.URL.createObjectURL(photo.file);
          picture.alt = photo.name;
          button.className = "draft-remove";
          button.type = "button";
          button.innerHTML = '<span class="icon" aria-hidden="true">×</span>';
          button.setAttribute("aria-label", field.getAttribute("data-remove").replace("{name}", photo.name));
          item.appendChild(picture);
          item.appendChild(button);
          list.appendChild(item);
        });
        if (photos.length) say(field.getAttribute("data-kept-here"));
      });
    }

    if (window.weigeStore) window.addEventListener("weige:kept", showKept);

    function answer(response) {
      if (response.ok) return response.text().then(show);
      return response.json().then(function (data) {
        throw data.error;
      });
    }

    function sendNext(refusals) {
      if (!waiting.length) {
        busy = false;
        total = 0;
        field.removeAttribute("aria-busy");
        if (refusals.length || !field.querySelector("[data-kept]")) say(refusals.join(" "), refusals.length > 0);
        if (wantsToSend && !refusals.length) form.requestSubmit ? form.requestSubmit(wantsToSend) : form.submit();
        else if (wantsToSend) form.dispatchEvent(new Event("weige:held"));
        wantsToSend = null;
        return;
      }
      var data = new FormData();
      var file = waiting.shift();
      data.append("photos", file);
      say(field.getAttribute("data-sending").replace("{number}", total - waiting.length).replace("{count}", total));
      post(data).then(answer).then(null, function (reason) {
        if (typeof reason === "string") refusals.push(reason);
        else return keep(file).then(null, function () { refusals.push(field.getAttribute("data-failed")); });
      }).then(function () {
        sendNext(refusals);
      });
    }

    each("input[type=file]", function (input) {
      input.addEventListener("change", function () {
        var chosen = Array.prototype.slice.call(input.files);
        input.value = "";
        total += chosen.length;
        waiting = waiting.concat(chosen);
        if (busy || !waiting.length) return;
        busy = true;
        field.setAttribute("aria-busy", "true");
        sendNext([]);
      });
    }, field);

    field.addEventListener("click", function (event) {
      var button = event.target.closest && event.target.closest(".draft-remove");
      if (!button) return;
      event.preventDefault();
      var kept = button.parentNode.getAttribute("data-kept");
      if (kept) {
        say("");
        window.weigeStore.removePhoto(Number(kept)).then(showKept);
        return;
      }
      var data = new FormData();
      data.append("remove", button.value);
      post(data).then(answer).then(function () { say(""); }, function (reason) {
        say(typeof reason === "string" ? reason : field.getAttribute("data-failed"), true);
      });
    });

    // Sent while a photo is still on its way: wait for it, then send. Capturing, so that nothing else counts it as sent.
    document.addEventListener("submit", function (event) {
      if (event.target !== form || !busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      wantsToSend = event.submitter || form.querySelector(".btn-primary");
    }, true);
    field.setAttribute("data-live", "");
  });

  /* -- Kinds: a tile or an entry of the list, never both; found by a word or a symptom. ------------------------------- */

  each("[data-kinds]", function (box) {
    var list = box.querySelector("select");
    var tiles = box.querySelectorAll("input[type=radio]");
    var spot = document.querySelector("[data-spot]");
    var search = document.createElement("input");
    var hits = document.createElement("div");

    function checkedTile() {
      return Array.prototype.filter.call(tiles, function (tile) { return tile.checked; })[0];
    }

    function follow() {
      // Only level 1 is closed on the spot: for other kinds the switch is no choice.
      var chosen = list.value ? list.options[list.selectedIndex] : checkedTile();
      var level = chosen && chosen.getAttribute("data-level");
      if (!spot) return;
      spot.hidden = Boolean(level) && level !== "1";
      if (spot.hidden) spot.querySelector("input").checked = false;
    }

    function choose(code) {
      list.value = code;
      Array.prototype.forEach.call(tiles, function (tile) { tile.checked = tile.value === code; });
      if (checkedTile()) list.value = "";
      search.value = "";
      hits.textContent = "";
      follow();
      list.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function find() {
      var words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      hits.textContent = "";
      if (!words.length) return;
      var found = Array.prototype.filter.call(list.options, function (option) {
        var text = (option.getAttribute("data-words") || "").toLowerCase();
        return text && words.every(function (word) { return text.indexOf(word) >= 0; });
      }).slice(0, 8);
      found.forEach(function (option) {
        var hit = document.createElement("button");
        hit.type = "button";
        hit.className = "kind-hit";
        hit.textContent = option.textContent;
        hit.addEventListener("click", function () { choose(option.value); });
        hits.appendChild(hit);
      });
      if (!found.length) hits.textContent = box.getAttribute("data-none");
    }

    if (list.value) list.closest("details").open = true;
    search.type = "search";
    search.className = "kind-search";
    search.placeholder = box.getAttribute("data-search");
    search.setAttribute("aria-label", search.placeholder);
    search.autocomplete = "off";
    search.addEventListener("input", find);
    search.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      var first = hits.querySelector("button");
      if (first) first.click();
    });
    hits.className = "kind-hits";
    hits.setAttribute("role", "status");
    list.parentNode.insertBefore(search, list);
    list.parentNode.insertBefore(hits, list);
    list.addEventListener("change", function () {
      Array.prototype.forEach.call(tiles, function (tile) { tile.checked = false; });
      follow();
    });
    Array.prototype.forEach.call(tiles, function (tile) {
      tile.addEventListener("change", function () {
        list.value = "";
        follow();
      });
    });
    follow();
  });
})();
