/* The page “On this phone”: each form that waits, why one was refused, and what the server has in its place. Written for
   WebViews of 2020: no modules, no newer syntax. */
(function () {
  "use strict";

  var queue = window.weigeQueue;
  var store = window.weigeStore;
  var place = document.getElementById("on-this-phone");
  var template = document.getElementById("wait");
  if (!queue || !place) return;

  var list = place.querySelector("[data-list]");

  function when(name, is) {
    place.querySelector("[data-when=" + name + "]").hidden = !is;
  }

  function facts(box, pairs) {
    pairs.forEach(function (pair) {
      box.appendChild(document.createElement("dt")).textContent = pair[0];
      box.appendChild(document.createElement("dd")).textContent = pair[1];
    });
  }

  function show(item, selector, value) {
    var part = item.querySelector(selector);
    part.hidden = false;
    if (value !== undefined) part.textContent = value;
    return part;
  }

  function actions(item, row) {
    if (row.state !== "waiting") show(item, "[data-mend]").href = row.page + "#mend-" + row.id;
    var theirs = row.state === "conflict" && row.answer;
    if (theirs && theirs.url) show(item, "[data-open]").href = theirs.url;
    item.querySelector("[data-drop]").addEventListener("click", function () { queue.drop(row); });
  }

  function photos(item, row) {
    if (!row.key) return;
    store.photosOf(row.key).then(function (found) {
      if (!found.length) return;
      show(item, "[data-has-photos]");
      show(item, "[data-photo-count]", found.length);
    });
  }

  function itemOf(row) {
    var item = template.content.firstElementChild.cloneNode(true);
    var at = new Date(row.at);
    item.querySelector("[data-name]").textContent = row.name;
    item.querySelector("[data-time]").textContent = at.toLocaleString(document.documentElement.lang, {
      month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit"
    });
    show(item, "[data-state=" + row.state + "]");
    if (row.reason) show(item, "[data-reason]", row.reason);
    facts(item.querySelector("[data-mine]"), row.words);
    if (row.state === "conflict") {
      Array.prototype.forEach.call(item.querySelectorAll("[data-of-both]"), function (part) { part.hidden = false; });
      facts(item.querySelector("[data-theirs]"), row.answer.theirs || []);
    }
    photos(item, row);
    actions(item, row);
    return item;
  }

  queue.listen(function (news) {
    list.textContent = "";
    news.rows.forEach(function (row) { list.appendChild(itemOf(row)); });
    when("login", news.needsLogin);
    when("others", news.others > 0);
    when("empty", !news.rows.length && !news.others);
    when("waiting", news.rows.some(function (row) { return row.state === "waiting"; }));
    when("leaving", window.location.hash === "#leaving" && news.rows.length > 0);
  });
  when("missing", document.body.hasAttribute("data-kept-at") && window.location.pathname !== "/offline/");
  place.querySelector("[data-send]").addEventListener("click", function () { queue.send(); });
  window.addEventListener("hashchange", function () { queue.tell(); });
  queue.tell();
})();
