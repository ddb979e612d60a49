// Makes the price on the page that builds bundles move with each change. Without it the same form is sent with a button.
const form = document.querySelector('form[data-live-price]');
const box = document.getElementById('price');

if (form && box) {
  document.documentElement.classList.add('live');
  const page = form.getAttribute('action');
  let latest = null;

  // The fields that say something: an address without the empty ones can be shown and passed on.
  const fieldsOf = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value !== '' && !(name.startsWith('n.') && value === '0')) fields.append(name, value);
    }
    return fields;
  };

  const idsOf = (root) => [...root.querySelectorAll('[data-product]')].map((tag) => tag.dataset.product).join();

  // Another currency or way to pay changes the price of each product on the list as well.
  const showAll = (text) => {
    const other = new DOMParser().parseFromString(text, 'text/html');
    if (idsOf(other) !== idsOf(document)) {
      location.assign(`${page}?${fieldsOf()}`);
      return;
    }
    other.querySelectorAll('[data-product]').forEach((tag) => {
      const own = document.querySelector(`[data-product="${tag.dataset.product}"]`);
      if (own) own.textContent = tag.textContent;
    });
    box.innerHTML = other.getElementById('price')?.innerHTML ?? '';
  };

  const refresh = async (isWhole) => {
    latest?.abort();
    const asking = new AbortController();
    latest = asking;
    const fields = fieldsOf();
    const address = `${page}?${fields}`;
    if (!isWhole) fields.set('part', 'price');
    box.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(`${page}?${fields}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(`the price answered ${answer.status}`);
      const text = await answer.text();
      if (isWhole) showAll(text);
      else box.innerHTML = text;
      history.replaceState(null, '', address);
      box.setAttribute('aria-busy', 'false');
    } catch {
      if (asking.signal.aborted) return;
      // The form still works as any form does: its button comes back.
      document.documentElement.classList.remove('live');
      box.setAttribute('aria-busy', 'false');
    }
  };

  form.addEventListener('change', (event) => {
    void refresh(['currency', 'cycle'].includes(event.target.name));
  });
  form.addEventListener('submit', (event) => {
    if (event.submitter?.formMethod === 'post' || !document.documentElement.classList.contains('live')) return;
    event.preventDefault();
    void refresh(false);
  });
}
