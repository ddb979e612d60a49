/** The console's whole look: plain CSS, light and dark by the system's wish, one column on a phone. */
export const CONSOLE_CSS = `
:root { color-scheme: light dark; --bg: #f6f5f2; --card: #fff; --ink: #1c1b19; --soft: #6b6862; --line: #e4e1da; --accent: #0b6e5d; --on-accent: #fff;
  --good: #17713d; --good-bg: #e2f3e8; --bad: #b3261e; --bad-bg: #fbe6e4; --warn: #8a5a00; --warn-bg: #fbf0d9; --info: #28538c; --info-bg: #e5eefa;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { :root { --bg: #141412; --card: #1d1d1a; --ink: #eceae4; --soft: #a09c92; --line: #33322d; --accent: #5fd0b8; --on-accent: #08251f;
  --good: #7fd8a0; --good-bg: #16301f; --bad: #ff9d94; --bad-bg: #3b1a18; --warn: #f0c46b; --warn-bg: #362a10; --info: #9cc3f5; --info-bg: #17263a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; z-index: 9; }
.top { position: sticky; top: 0; z-index: 5; background: color-mix(in srgb, var(--bg) 88%, transparent); backdrop-filter: blur(10px); border-bottom: 1px solid var(--line); }
.bar { max-width: 1120px; margin: 0 auto; padding: 10px 16px; display: flex; gap: 8px 20px; align-items: center; flex-wrap: wrap; }
.brand { font-weight: 650; letter-spacing: -.01em; text-decoration: none; color: var(--ink); display: flex; gap: 8px; align-items: center; }
.brand i { width: 10px; height: 10px; border-radius: 50%; background: var(--accent); }
.top nav { display: flex; gap: 2px; overflow-x: auto; flex: 1; scrollbar-width: none; }
.top nav a { padding: 7px 11px; border-radius: 8px; text-decoration: none; color: var(--soft); white-space: nowrap; }
.top nav a:hover { background: var(--line); color: var(--ink); }
.top nav a[aria-current] { background: var(--card); color: var(--ink); font-weight: 600; box-shadow: 0 0 0 1px var(--line); }
.now { color: var(--soft); font: 13px var(--mono); text-decoration: none; white-space: nowrap; } .now.moved { color: var(--warn); }
main { max-width: 1120px; margin: 0 auto; padding: 22px 16px 60px; }
h1 { font-size: 24px; letter-spacing: -.02em; margin: 0 0 4px; } h2 { font-size: 16px; margin: 26px 0 10px; }
.lead { color: var(--soft); margin: 0 0 18px; max-width: 70ch; }
.grid { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 16px; min-width: 0; }
.card h2, .card h3 { margin: 0 0 6px; font-size: 16px; }
.card > :last-child { margin-bottom: 0; }
dl.facts { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 10px 0; } .facts dt { color: var(--soft); } .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
code, pre, .mono { font-family: var(--mono); font-size: 13px; }
pre { background: var(--bg); border: 1px solid var(--line); border-radius: 10px; padding: 10px 12px; margin: 6px 0 12px; overflow: auto; max-height: 380px; white-space: pre-wrap; overflow-wrap: anywhere; }
.pill { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 12.5px; font-weight: 600; background: var(--line); color: var(--soft); white-space: nowrap; }
.pill.good { background: var(--good-bg); color: var(--good); } .pill.bad { background: var(--bad-bg); color: var(--bad); }
.pill.warn { background: var(--warn-bg); color: var(--warn); } .pill.info { background: var(--info-bg); color: var(--info); }
.list { background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
.list > * + * { border-top: 1px solid var(--line); }
.list summary, .list .row { padding: 9px 14px; display: flex; gap: 4px 12px; align-items: baseline; flex-wrap: wrap; }
.list summary { cursor: pointer; list-style: none; } .list summary::-webkit-details-marker { display: none; }
.list summary:hover, .list a.row:hover { background: var(--bg); } .list a.row { color: inherit; text-decoration: none; }
.list .body { padding: 4px 14px 12px; }
.grow { flex: 1 1 220px; min-width: 0; overflow-wrap: anywhere; } .soft { color: var(--soft); } .small { font-size: 13px; }
.empty { padding: 34px 16px; text-align: center; color: var(--soft); }
form.line label { max-width: 100%; } form.line, .tools { display: flex; gap: 8px; flex-wrap: wrap; align-items: end; margin: 0 0 14px; }
form.inline { display: inline; }
label { display: grid; grid-template-columns: minmax(0, 1fr); min-width: 0; gap: 3px; font-size: 13px; color: var(--soft); } label.check { display: flex; align-items: center; gap: 7px; }
input, select, textarea { font: inherit; font-size: 15px; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 9px; padding: 7px 10px; min-height: 38px; max-width: 100%; }
input[type=checkbox] { min-height: 0; width: 17px; height: 17px; } textarea { width: 100%; min-height: 76px; font: 13px var(--mono); }
.fields { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 190px), 1fr)); align-items: end; } .fields .half { grid-column: span 2; } .fields .wide { grid-column: 1 / -1; } .fields input, .fields select { width: 100%; } .fields input[type=checkbox] { width: 17px; }
button, .button { font: inherit; font-weight: 600; border: 1px solid var(--line); background: var(--card); color: var(--ink); border-radius: 9px; padding: 7px 14px; min-height: 38px; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { border-color: var(--accent); } button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); } button.danger { color: var(--bad); }
button.mini { padding: 2px 10px; min-height: 28px; font-size: 13px; }
.chips { display: flex; gap: 6px; flex-wrap: wrap; } .chips a { padding: 5px 12px; border-radius: 99px; border: 1px solid var(--line); text-decoration: none; color: var(--soft); background: var(--card); font-size: 13.5px; }
.chips a[aria-current] { background: var(--ink); color: var(--bg); border-color: var(--ink); }
.note { border-radius: 12px; padding: 10px 14px; margin: 0 0 16px; background: var(--info-bg); color: var(--info); } .note.bad { background: var(--bad-bg); color: var(--bad); }
.frame { width: 100%; height: 68vh; border: 1px solid var(--line); border-radius: 12px; background: #fff; display: block; }
#narrow:checked ~ .frame { width: 390px; margin: 0 auto; max-width: 100%; }
.big { font: 600 clamp(22px, 6vw, 34px) var(--mono); letter-spacing: -.02em; }
@media (max-width: 640px) { .fields .half { grid-column: 1 / -1; } main { padding-top: 16px; } .top nav { order: 3; flex-basis: 100%; flex-wrap: wrap; } .top nav a { padding: 4px 9px; font-size: 14px; } #narrow, #narrow + label { display: none !important; } .brand { flex: 1; } }
`;

/**
 * Refetches the page every 1.5 s while it is visible and swaps the parts marked `data-live`, keeping rows that were opened.
 * Without JavaScript the page is merely not live.
 */
export const CONSOLE_SCRIPT = `
const refresh = async () => {
  if (document.hidden || !document.querySelector('[data-live]')) return;
  if (document.activeElement?.closest('[data-live] form')) return;
  try {
    const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const fresh = next.getElementById(part.id);
      if (!fresh) continue;
      for (const open of part.querySelectorAll('details[open][id]')) fresh.querySelector('#' + CSS.escape(open.id))?.setAttribute('open', '');
      if (fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    }
  } catch { /* The sandbox is restarting: the next round finds it again. */ }
};
setInterval(refresh, 1500);
`;
