/* What this browser keeps until the server has it: the queue of forms and their photos, in IndexedDB. Every function
   returns a promise. */
(function () {
  "use strict";

  var NAME = "weige";
  var FORMS = "forms";
  var PHOTOS = "photos";
  var opened = null;

  function open() {
    if (opened) return opened;
    opened = new Promise(function (resolve, reject) {
      var request = window.indexedDB.open(NAME, 1);
      request.onupgradeneeded = function () {
        // The key counts up: it is the order in which things were sent.
        request.result.createObjectStore(FORMS, { keyPath: "id", autoIncrement: true });
        request.result.createObjectStore(PHOTOS, { keyPath: "id", autoIncrement: true }).createIndex("key", "key");
      };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { reject(request.error); };
    });
    opened.then(null, function () { opened = null; });
    return opened;
  }

  /* Runs `act` on these stores in one transaction; resolves with its result when the transaction is on disk. */
  function within(names, mode, act) {
    return open().then(function (database) {
      return new Promise(function (resolve, reject) {
        // On disk before it is called kept: a battery may end the next second. Who doesn't know the option ignores it.
        var transaction = database.transaction(names, mode, { durability: "strict" });
        var request = act.apply(null, [].concat(names).map(function (name) { return transaction.objectStore(name); }));
        transaction.oncomplete = function () { resolve(request && request.result); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
      });
    });
  }

  function put(name, row) {
    return within(name, "readwrite", function (store) { return store.put(row); });
  }

  function remove(name, id) {
    return within(name, "readwrite", function (store) { return store.delete(id); });
  }

  function forms() {
    return within(FORMS, "readonly", function (store) { return store.getAll(); });
  }

  function form(id) {
    return within(FORMS, "readonly", function (store) { return store.get(id); });
  }

  /* Only while it is there: what somebody has deleted meanwhile doesn't come back. */
  function changeForm(row) {
    return within(FORMS, "readwrite", function (store) {
      var found = store.get(row.id);
      found.onsuccess = function () { if (found.result) store.put(row); };
      return found;
    });
  }

  function photosOf(key) {
    return within(PHOTOS, "readonly", function (store) { return store.index("key").getAll(key); });
  }

  function allPhotos() {
    return within(PHOTOS, "readonly", function (store) { return store.getAll(); });
  }

  function removePhotosOf(key) {
    return photosOf(key).then(function (photos) {
      return Promise.all(photos.map(function (photo) { return remove(PHOTOS, photo.id); }));
    });
  }

  /* A form goes on under another id, `row.key`, and its photos follow it: both are on disk, or neither. */
  function rename(row, from) {
    return within([FORMS, PHOTOS], "readwrite", function (forms, photos) {
      photos.index("key").getAll(from).onsuccess = function (found) {
        found.target.result.forEach(function (photo) { photos.put(Object.assign(photo, { key: row.key })); });
      };
      forms.put(row);
    });
  }

  /* Asks the browser not to clear this away when the phone runs short of room. It may refuse. */
  function stay() {
    var storage = window.navigator.storage;
    return storage && storage.persist ? storage.persist().then(null, function () { return false; }) : Promise.resolve(false);
  }

  /* Forgets all that one user left here. */
  function clear(user) {
    function mine(row) { return row.user === user; }
    return Promise.all([forms(), allPhotos()]).then(function (found) {
      var gone = found[0].filter(mine).map(function (row) { return remove(FORMS, row.id); });
      return Promise.all(gone.concat(found[1].filter(mine).map(function (row) { return remove(PHOTOS, row.id); })));
    });
  }

  window.weigeStore = {
    isThere: Boolean(window.indexedDB && window.Promise && window.fetch),
    forms: forms,
    form: form,
    changeForm: changeForm,
    putForm: function (row) { return put(FORMS, row); },
    removeForm: function (id) { return remove(FORMS, id); },
    addPhoto: function (user, key, file) {
      return put(PHOTOS, { user: user, key: key, file: file, name: file.name || "photo.jpg", at: Date.now() });
    },
    photosOf: photosOf,
    allPhotos: allPhotos,
    removePhoto: function (id) { return remove(PHOTOS, id); },
    removePhotosOf: removePhotosOf,
    rename: rename,
    stay: stay,
    clear: clear
  };
})();
