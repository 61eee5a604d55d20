/* Fields of the configuration in which one searches: the part that takes the focus gets the field's name. Select2 leaves it
   without one, and whoever hears the page doesn't learn what is asked. */
(function () {
  "use strict";

  function name() {
    Array.prototype.forEach.call(document.querySelectorAll(".select2-selection__rendered"), function (shown) {
      var field = shown.id.replace(/^select2-/, "").replace(/-container$/, "");
      var label = document.querySelector('label[for="' + field + '"]');
      if (label) shown.setAttribute("aria-label", label.textContent.replace(/[:：]\s*$/, "").trim());
    });
  }

  // After Django's own script, which waits in the same line and makes these fields.
  if (window.django && window.django.jQuery) window.django.jQuery(name);
})();
