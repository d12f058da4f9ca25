/** The look of the HTML report; light or dark as the reader has it. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
  --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#cf222e, #ff7b72); --doubt: light-dark(#9a6700, #d29922) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
h1 { margin: 0 } h2 { margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line) }
code, pre { font: 13px/1.45 ui-monospace, monospace } pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.verdict { font-size: 1.3rem; margin: .3rem 0 } .counts { display: flex; flex-wrap: wrap; gap: 1.2rem; list-style: none; padding: 0 }
.pass { color: var(--good) } .fail, .unexpected-pass, .harness-error { color: var(--bad) }
.warn, .blocked, .expected-fail { color: var(--doubt) } .not-applicable, .not-exercised, .none, .note, small { opacity: .7 }
#filters { position: sticky; top: 0; padding: .5rem 0; background: Canvas; border-bottom: 1px solid var(--line) }
#filters label { margin-left: .8rem; white-space: nowrap }
.requirement { padding: .4rem 0; border-bottom: 1px solid var(--line) } .requirement > p { margin: 0 }
.requirement > p a { color: inherit } .check { margin: .2rem 0 .2rem 1.2rem } summary { cursor: pointer }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .2rem .8rem; margin: .5rem 0 1rem } dd { margin: 0 } dt { opacity: .7 }
.hidden { display: none }`;

/** Hides what the filters leave out; without scripts everything stays visible. */
export const HTML_SCRIPT = `
const form = document.getElementById('filters');
const apply = () => {
  const wanted = new Set([...form.querySelectorAll(':checked')].map((box) => box.value));
  const text = form.querySelector('[type=search]').value.toLowerCase();
  const whole = form.querySelectorAll('[type=checkbox]:not(:checked)').length === 0;
  for (const each of document.querySelectorAll('main > section > .check, .requirement')) {
    const shown = (whole || wanted.has(each.dataset.status)) && each.textContent.toLowerCase().includes(text);
    each.classList.toggle('hidden', !shown);
  }
};
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());`;
