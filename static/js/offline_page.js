/* The page “On this phone”: each form that waits, why one was refused, and what the server has in its place, side by side.
   Whoever wrote it decides; nothing goes by itself. Written for WebViews of 2020: no modules, no newer syntax. */
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

  function show(item, selector, value) {
    var part = item.querySelector(selector);
    part.hidden = false;
    if (value !== undefined) part.textContent = value;
    return part;
  }

  /* -- What it says */

  function facts(box, pairs) {
    pairs.forEach(function (pair) {
      box.appendChild(document.createElement("dt")).textContent = pair[0];
      box.appendChild(document.createElement("dd")).textContent = pair[1];
    });
  }

  function valueOf(pairs, label) {
    return pairs.filter(function (pair) { return pair[0] === label; }).map(function (pair) { return pair[1]; }).join(" ");
  }

  /* A pair of cells under each label of either side; what differs stands out, in weight and not in colour alone. */
  function beside(table, mine, theirs) {
    var labels = mine.concat(theirs).map(function (pair) { return pair[0]; });
    labels.filter(function (label, at) { return labels.indexOf(label) === at; }).forEach(function (label) {
      var group = table.appendChild(document.createElement("tbody"));
      var name = group.insertRow().appendChild(document.createElement("th"));
      var values = group.insertRow();
      name.scope = "rowgroup";
      name.colSpan = 2;
      name.textContent = label;
      [mine, theirs].forEach(function (pairs) { values.insertCell().textContent = valueOf(pairs, label) || "–"; });
      if (valueOf(mine, label) !== valueOf(theirs, label)) group.setAttribute("data-differs", "");
    });
  }

  function photos(item, row) {
    if (!row.key) return;
    store.photosOf(row.key).then(function (found) {
      if (!found.length) return;
      show(item, "[data-has-photos]");
      show(item, "[data-photo-count]", found.length);
    });
  }

  function timeOf(row) {
    return new Date(row.at).toLocaleString(document.documentElement.lang, {
      month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit"
    });
  }

  /* -- What can be done about it */

  function send(row) {
    return queue.add(row).then(queue.send);
  }

  /* What was written, in lines, for a remark on the incident as it stands now. */
  function remarkOf(row) {
    var colon = document.documentElement.lang.indexOf("zh") === 0 ? "：" : ": ";
    var lines = row.words.map(function (pair) { return pair[0] ? pair[0] + colon + pair[1] : pair[1]; });
    return [row.name].concat(lines).join("\n");
  }

  function sendAsRemark(row) {
    var owner = row.fields.filter(function (pair) { return pair[0] === "form_owner"; });
    row.words = [["", remarkOf(row)]];
    row.fields = owner.concat([["text", row.words[0][1]], ["draft_key", row.key], ["form_id", window.weigeNewId()]]);
    row.url = row.page = row.answer.remark;
    row.name = place.getAttribute("data-remark");
    return send(row);
  }

  /* As a report of its own, also when it was to be added to another one (static/js/alike.js). Photos that have arrived
     already wait under the id of the form: another is taken only where the server has used that one. */
  function sendAnew(row) {
    var from = row.key;
    var id = row.answer.unused ? from : window.weigeNewId();
    row.fields = row.fields.filter(function (pair) { return pair[0] !== "add_to"; });
    row.fields.forEach(function (pair) {
      if (pair[0] === "client_uuid") pair[1] = id;
    });
    row.key = id;
    return store.rename(row, from).then(function () { return send(row); });
  }

  function offer(item, selector, act) {
    // Once: pressed again before the list is drawn anew, another report would be sent a second time.
    show(item, selector).addEventListener("click", act, { once: true });
  }

  function ways(item, row) {
    var theirs = row.answer || {};
    var isReport = row.fields.some(function (pair) { return pair[0] === "client_uuid"; });
    if (row.state === "refused" && row.status === 422) show(item, "[data-mend]").href = row.page + "#mend-" + row.id;
    if (row.state === "refused" && row.status !== 422) offer(item, "[data-again]", function () { send(row); });
    if (row.state === "conflict") {
      if (isReport) offer(item, "[data-anew]", function () { sendAnew(row); });
      if (theirs.remark) offer(item, "[data-as-remark]", function () { sendAsRemark(row); });
      if (theirs.url) show(item, "[data-open]").href = theirs.url;
    }
    show(item, row.state === "conflict" ? "[data-drop-theirs]" : "[data-drop-mine]");
    item.querySelector("[data-drop]").addEventListener("click", function () { queue.drop(row); });
  }

  function itemOf(row) {
    var item = template.content.firstElementChild.cloneNode(true);
    var both = row.state === "conflict";
    item.querySelector("[data-name]").textContent = row.name;
    item.querySelector("[data-time]").textContent = timeOf(row);
    show(item, "[data-state=" + row.state + "]");
    if (row.reason) show(item, "[data-reason]", row.reason);
    if (both) beside(show(item, "[data-both]"), row.words, row.answer.theirs || []);
    else facts(show(item, "[data-mine]"), row.words);
    photos(item, row);
    ways(item, row);
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
  when("missing", document.body.hasAttribute("data-kept-at") && window.location.pathname !== place.getAttribute("data-here"));
  place.querySelector("[data-send]").addEventListener("click", function () { queue.send(); });
  window.addEventListener("hashchange", function () { queue.tell(); });
  queue.tell();
})();
