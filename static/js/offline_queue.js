/* The queue: forms that wait on this phone are sent one after the other, in the order in which they were pressed.

   A form leaves only when the server has it (201) or had it already (200). What the server refuses stays, with the
   reason; what comes too late stays, with the server's own state. No network, a busy server or an ended session change
   nothing: the form waits. Two windows take turns, and the server knows each form by its id: nothing arrives twice. */
(function () {
  "use strict";

  var WAITS = [5, 15, 60, 300];
  var PATIENCE = 30000;
  var SLOWEST = 8;  // bytes a millisecond: a photo that takes minutes is on its way, not lost
  var store = window.weigeStore;
  var body = document.body;
  var user = body.getAttribute("data-user") || "";
  var root = document.getElementById("offline");
  if (!store || !store.isThere || !root) return;

  var listeners = [];
  var failures = 0;
  var timer = null;
  var running = null;
  var needsLogin = false;

  function mine(rows) {
    return rows.filter(function (row) { return row.user === user; });
  }

  function tell() {
    return store.forms().then(function (rows) {
      var news = { rows: mine(rows), others: rows.length - mine(rows).length, needsLogin: needsLogin };
      listeners.forEach(function (listener) { listener(news); });
      return news;
    });
  }

  /* -- Asking the server */

  function ask(url, options, bytes) {
    // A connection that is dead but doesn't know it must not hold the queue up for minutes.
    var stop = new window.AbortController();
    var alarm = window.setTimeout(function () { stop.abort(); }, PATIENCE + (bytes || 0) / SLOWEST);
    var headers = { Accept: "application/json" };
    var all = Object.assign({ credentials: "same-origin", redirect: "manual", signal: stop.signal, headers: headers }, options);
    return window.fetch(url, all).then(function (response) {
      return response.text().then(function (text) {
        window.clearTimeout(alarm);
        var data = {};
        try {
          data = JSON.parse(text);
        } catch (unreadable) {
          data = {};  // a page meant for people, such as “forbidden”: its status says enough
        }
        return { status: response.type === "opaqueredirect" ? 401 : response.status, data: data };
      });
    }, function (error) {
      window.clearTimeout(alarm);
      throw error;
    });
  }

  function outcome(status) {
    if (status === 200 || status === 201) return "done";
    if (status === 401) return "login";
    if (status === 409) return "conflict";
    if (status === 408 || status === 429 || status >= 500) return "later";
    return "refused";
  }

  function post(url, fields, token) {
    var data = new FormData();
    fields.forEach(function (pair) { data.append.apply(data, pair); });
    data.append("csrfmiddlewaretoken", token);
    var bytes = fields.reduce(function (sum, pair) { return sum + (pair[1] && pair[1].size || 0); }, 0);
    return ask(url, { method: "POST", body: data }, bytes);
  }

  /* Who is logged in, and the token of that session. Both may have changed since the form was pressed. */
  function session() {
    return ask(root.getAttribute("data-ready"), { method: "GET" }).then(function (answer) {
      return answer.status === 200 ? answer.data : answer.status === 401 ? null : Promise.reject(answer);
    });
  }

  /* -- One form */

  function sendPhotos(row, token) {
    if (!row.key) return Promise.resolve({ status: 200 });
    return store.photosOf(row.key).then(function (photos) {
      return photos.reduce(function (before, photo) {
        return before.then(function (answer) {
          if (outcome(answer.status) !== "done") return answer;
          var fields = [["draft_key", row.key], ["photos", photo.file, photo.name]];
          return post(root.getAttribute("data-files"), fields, token).then(function (said) {
            return outcome(said.status) === "done" ? store.removePhoto(photo.id).then(function () { return said; }) : said;
          });
        });
      }, Promise.resolve({ status: 200 }));
    });
  }

  function sendForm(row, token) {
    return sendPhotos(row, token).then(function (answer) {
      return outcome(answer.status) === "done" ? post(row.url, row.fields, token) : answer;
    });
  }

  function reasonOf(answer) {
    var data = answer.data || {};
    var errors = (data.errors || []).map(function (error) {
      return error.label ? error.label + ": " + error.message : error.message;
    });
    return errors.join(" ") || data.message || data.error ||
      root.getAttribute("data-status-" + answer.status) || root.getAttribute("data-status-other");
  }

  function settle(row, answer) {
    var what = outcome(answer.status);
    if (what === "done") return store.removeForm(row.id).then(function () { return what; });
    if (what !== "refused" && what !== "conflict") return Promise.resolve(what);
    row.state = what;
    row.status = answer.status;
    row.answer = answer.data;
    row.reason = reasonOf(answer);
    return store.changeForm(row).then(function () { return what; });
  }

  /* -- All of them */

  /* As it stands by now: while the ones before it were sent it may have been deleted, or somebody has logged out. */
  function sendOne(row, token, results) {
    return store.form(row.id).then(function (now) {
      if (!now || now.state !== "waiting") return now ? now.state : "done";
      return sendForm(now, token).then(function (answer) {
        results[row.id] = answer;
        return settle(now, answer);
      });
    });
  }

  /* Sends what waits, the oldest first. What is about the same matter as something refused waits behind it. */
  function sendAll(rows, token, results) {
    var blocked = {};
    return rows.reduce(function (before, row) {
      return before.then(function (may) {
        if (!may) return false;
        if (row.state !== "waiting" || blocked[row.about]) {
          blocked[row.about] = true;
          return true;
        }
        return sendOne(row, token, results).then(function (what) {
          if (what === "login") needsLogin = true;
          if (what !== "done") blocked[row.about] = true;
          return tell().then(function () { return what !== "login" && what !== "later"; });
        });
      });
    }, Promise.resolve(true));
  }

  function round() {
    var results = {};
    return store.forms().then(function (rows) {
      if (!mine(rows).some(function (row) { return row.state === "waiting"; })) return true;
      return session().then(function (known) {
        needsLogin = !known;
        if (!known) {
          mine(rows).forEach(function (row) { results[row.id] = { status: 401, data: {} }; });
          return true;
        }
        rows = rows.filter(function (row) { return row.user === known.user; });
        return sendAll(rows, known.token, results);
      });
    }).then(null, function () { return false; }).then(function (went) {
      later(went);
      return tell().then(function () { return results; });
    });
  }

  /* The next try, each time later; not every phone in the same second when a server comes back. */
  function later(went) {
    window.clearTimeout(timer);
    failures = went ? 0 : failures + 1;
    if (went) return;
    var seconds = WAITS[Math.min(failures, WAITS.length) - 1];
    timer = window.setTimeout(send, seconds * (1 + Math.random() / 4) * 1000);
  }

  /* Sends now, or joins the sending under way. Resolves with the server's answers by the id of the form. */
  function send() {
    if (running) return running;
    var turn = window.navigator.locks
      ? window.navigator.locks.request("weige-queue", round)
      : round();
    running = turn;
    function end() { running = null; }
    turn.then(end, end);
    return turn;
  }

  window.weigeQueue = {
    user: user,
    outcome: outcome,
    send: send,
    tell: tell,
    session: session,
    listen: function (listener) { listeners.push(listener); },
    /* Keeps a form safely on this phone, or puts one that was refused back to be sent, in the place that it had;
       resolves with its number in the queue. */
    add: function (row) {
      var before = running || Promise.resolve();
      row.state = "waiting";
      row.reason = "";
      delete row.answer;
      row.at = row.at || Date.now();
      store.stay();
      return store.putForm(row).then(function (id) {
        return before.then(tell, tell).then(function () { return id; });
      });
    },
    drop: function (row) {
      return store.removeForm(row.id)
        .then(function () { return row.key ? store.removePhotosOf(row.key) : null; })
        .then(tell);
    }
  };

  window.addEventListener("online", function () { failures = 0; send(); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) send();
  });
})();
