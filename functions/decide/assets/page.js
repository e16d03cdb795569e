// What the page can do better with a script; it does everything without one.
'use strict';

(() => {
  const main = document.getElementById('main');

  // How far a moment is from now, beside the moment itself.
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const tell = (time) => {
    const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
    const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3];
    let told = time.nextElementSibling;
    if (!told || !told.classList.contains('relative')) {
      told = document.createElement('span');
      told.className = 'relative';
      time.after(told);
    }
    told.textContent = ` (${relative.format(Math.trunc(seconds / size), unit)})`;
    told.classList.toggle('soon', seconds > 0 && seconds < 600);
  };
  const times = () => document.querySelectorAll('time').forEach(tell);
  times();
  setInterval(times, 15000);

  // A page that comes back from the browser's own memory may be out of date, and its forms may have been
  // sent. They can be sent again; what was written and not sent is worth more than the newest page.
  addEventListener('pageshow', (event) => {
    document.querySelectorAll('form').forEach((form) => { delete form.dataset.sent; });
    if (event.persisted && !document.getElementById('comment')?.value) location.reload();
  });

  // Nothing is sent twice by an impatient thumb.
  document.addEventListener('submit', (event) => {
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = '1';
  });

  // Keys: j and k move through a list, a and r decide, after one more question.
  const items = [...document.querySelectorAll('[data-item]')];
  const move = (by) => {
    const at = items.indexOf(document.activeElement);
    const next = items[at === -1 ? (by > 0 ? 0 : items.length - 1) : at + by];
    if (next) next.focus();
  };

  const sure = document.getElementById('sure');
  const form = document.getElementById('form');
  let asked = null;
  const ask = (button) => {
    asked = button;
    const verb = button.textContent.trim();
    sure.querySelector('h2').textContent = `${verb} this request?`;
    const yes = sure.querySelector('[data-yes]');
    yes.textContent = verb;
    yes.className = button.className;
    sure.showModal();
    sure.querySelector('[data-no]').focus();
  };
  if (sure && form && sure.showModal) {
    sure.querySelector('[data-no]').addEventListener('click', () => sure.close());
    sure.querySelector('[data-yes]').addEventListener('click', () => {
      sure.close();
      form.requestSubmit(asked);
    });
    form.querySelector('.keys').hidden = false;
  }

  addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (sure && sure.open) return;
    if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else if (form && sure && (event.key === 'a' || event.key === 'r')) {
      const button = form.querySelector(`[data-key="${event.key}"]`);
      if (button) ask(button);
    } else return;
    event.preventDefault();
  });

  // After something was done, whoever cannot see it is told.
  const done = document.querySelector('.done');
  if (done && main) { done.tabIndex = -1; done.focus({ preventScroll: true }); }
})();
