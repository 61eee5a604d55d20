/* Keeps four pages and their files on the phone, so that they open without a network. Served at /sw.js with a first line
   that names the version of the static files.

   A page is kept as the server sent it, without what stands between <!--not-kept--> marks: free text and everything about
   residents. There is one cache of pages for each user, and the pages themselves delete everybody else's. */
"use strict";

var FILES = "files-" + VERSION;
var PAGES = "pages-";
var KEPT = ["/today/", "/incidents/report/", "/area/", "/offline/"];
var LOGIN = "/accounts/login/";
var SHELL = "/offline/";
var HOME = "/today/";
var HASHED = /\.[0-9a-f]{12}\.\w+$/;
var PATIENCE = 8000;
var FRESH = 15 * 60000;

self.addEventListener("install", function () {
  self.skipWaiting();
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) {
      return name.indexOf("files-") === 0 && name !== FILES;
    }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request;
  var url = new URL(request.url);
  if (request.method === "POST" && url.pathname === LOGIN) event.waitUntil(forgetPages());
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.indexOf("/static/") === 0) event.respondWith(file(request, url));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

/* {keep: [paths], user: "7"}: fetch what isn't kept yet, or was kept a while ago. */
self.addEventListener("message", function (event) {
  if (!event.data || !event.data.keep) return;
  event.waitUntil(Promise.all(event.data.keep.map(function (path) {
    return kept(path).then(function (found) {
      var isFresh = found && Date.now() - Number(found.headers.get("X-Kept-At")) < FRESH;
      if (isFresh && found.headers.get("X-Kept-For") === event.data.user) return null;
      return fetch(path, { credentials: "same-origin", redirect: "manual" }).then(function (response) {
        return keep(response, path);
      });
    }).then(null, function () { return null; });  // without a network there is nothing to keep: next time
  })));
});

/* -- Files: those with a hash in their name never change; others are asked for first. ---------------------------------- */

function file(request, url) {
  var name = url.origin + url.pathname;
  return caches.open(FILES).then(function (cache) {
    if (!HASHED.test(url.pathname)) {
      return fetch(request).then(null, function (error) {
        return cache.match(name).then(function (found) { return found || Promise.reject(error); });
      });
    }
    return cache.match(name).then(function (found) {
      return found || fetch(request).then(function (response) {
        if (response.ok) cache.put(name, response.clone());
        return response;
      });
    });
  });
}

var underWay = {};

/* Pages that are kept at the same time share most of their files: each is fetched once. */
function keepFile(cache, name) {
  if (underWay[name]) return underWay[name];
  function end() { delete underWay[name]; }
  var kept = cache.match(name).then(function (found) {
    if (found && HASHED.test(name)) return null;
    return fetch(name).then(function (response) { return response.ok ? cache.put(name, response) : null; });
  });
  underWay[name] = kept;
  kept.then(end, end);
  return kept;
}

/* Fails when the network does: a page isn't kept before all that it needs. */
function keepFiles(html) {
  var names = {};
  html.replace(/(?:href|src)="(\/static\/[^"#?]+)/g, function (all, name) { names[name] = true; });
  return caches.open(FILES).then(function (cache) {
    return Promise.all(Object.keys(names).map(function (name) { return keepFile(cache, name); }));
  });
}

/* -- Pages: from the network while it answers; else as they were, and a page that says so for all others. --------------- */

function page(event, url) {
  var answer = fetch(event.request).then(function (response) {
    // A gateway speaks for a server that isn't there: the same as no answer.
    if (response.status >= 502 && response.status <= 504) throw new Error("no server");
    if (KEPT.indexOf(url.pathname) >= 0 && !url.search && response.ok) {
      event.waitUntil(keep(response.clone(), url.pathname).then(null, function () { return null; }));
    }
    return response;
  });
  var slow = new Promise(function (resolve) { setTimeout(resolve, PATIENCE); }).then(function () {
    return kept(url.pathname);
  }).then(function (found) { return found || answer; });
  return Promise.race([answer, slow]).then(null, function () {
    return kept(url.pathname === "/" ? HOME : url.pathname).then(function (found) {
      return found || kept(SHELL);
    }).then(function (found) { return found || Response.error(); });
  });
}

/* Who logs in may be somebody else: if the network fails right after it, the pages of the one before must not appear
   under their name. What is kept is waited for. */
var forgotten = Promise.resolve();

function forgetPages() {
  forgotten = caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf(PAGES) === 0; }).map(function (name) {
      return caches.delete(name);
    }));
  });
  return forgotten;
}

function kept(path) {
  return forgotten.then(function () { return caches.keys(); }).then(function (names) {
    var own = names.filter(function (name) { return name.indexOf(PAGES) === 0; });
    return own.reduce(function (before, name) {
      return before.then(function (found) {
        return found || caches.open(name).then(function (cache) { return cache.match(path); });
      });
    }, Promise.resolve(undefined));
  });
}

/* Keeps a page of a user who is logged in; not one that has just said something, for that was meant for one moment. */
function keep(response, path) {
  var type = response.headers.get("Content-Type") || "";
  if (!response.ok || response.redirected || type.indexOf("text/html") < 0) return Promise.resolve();
  return response.text().then(function (html) {
    var user = /<body[^>]* data-user="(\d+)"/.exec(html);
    if (!user || html.indexOf('class="message"') >= 0) return null;
    var at = String(Date.now());
    var shown = html.replace(/<!--not-kept-->[\s\S]*?<!--\/not-kept-->/g, "")
      .replace("<body ", '<body data-kept-at="' + at + '" ');
    var headers = new Headers(response.headers);
    headers.delete("Content-Encoding");
    headers.delete("Content-Length");
    headers.set("X-Kept-At", at);
    headers.set("X-Kept-For", user[1]);
    return keepFiles(html).then(function () {
      return caches.open(PAGES + user[1]);
    }).then(function (cache) {
      return cache.put(path, new Response(shown, { status: 200, headers: headers }));
    });
  });
}
