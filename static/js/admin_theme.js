/* The configuration pages in the colours of the account, before anything is drawn: Django's own page has no place to say so. */
document.documentElement.setAttribute("data-theme", document.currentScript.getAttribute("data-theme"));
