// Comfort only: keeps elder mode from page to page, and reads a page aloud by the browser's own voice.
(function () {
  'use strict';
  var root = document.documentElement, key = 'g-elder', store, spoken = /^en/i.test(root.lang) ? /^en/i : /^(zh|cmn)/i, parts = [];
  try { store = window.localStorage; store.getItem(key); } catch (error) { store = null; }

  function elder(on) {
    root.classList.toggle('elder', on);
    if (store) store.setItem(key, on ? 1 : '');
  }
  if (location.hash === '#g-elder' || (store && store.getItem(key))) elder(true);
  document.querySelectorAll('.aids .in, .aids .out').forEach(function (link) {
    link.onclick = function (event) {
      event.preventDefault();
      elder(link.className === 'in');
      if (location.hash === '#g-elder') location.hash = 'g-top';
      document.querySelector(link.className === 'in' ? '.aids .out' : '.aids .in').focus();
    };
  });

  var speech = window.speechSynthesis, button = document.querySelector('.read');
  if (!speech || !button) return;
  var words = button.textContent;

  // Only voices of the device itself: others would send the text elsewhere.
  function voice() {
    return speech.getVoices().filter(function (one) { return one.localService && spoken.test(one.lang); })[0];
  }
  function show() { button.hidden = !voice(); }
  function stop() {
    parts = [];
    speech.cancel();
    mark(null);
    button.textContent = words;
  }
  function mark(part) {
    var old = document.querySelector('.saying');
    if (old) old.classList.remove('saying');
    if (part) { part.classList.add('saying'); part.scrollIntoView({ block: 'nearest' }); }
  }
  function next() {
    var part = parts.shift(), said;
    if (!part) return stop();
    mark(part);
    said = new SpeechSynthesisUtterance(part.innerText);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    said.onend = function () { if (button.textContent !== words) next(); };
    speech.speak(said);
  }
  button.onclick = function () {
    if (button.textContent !== words) return stop();
    button.textContent = button.dataset.stop;
    parts = [].filter.call(document.querySelectorAll('main h1, main h2, main h3, main p, main li, main tr, main dt, main dd'), function (one) {
      return one.offsetParent && one.innerText.trim() && !one.querySelector('p, li, h2, h3, tr') && !one.closest('nav, [hidden]');
    });
    next();
  };
  speech.onvoiceschanged = show;
  onpagehide = function () { speech.cancel(); };
  show();
})();
