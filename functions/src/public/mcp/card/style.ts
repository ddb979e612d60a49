/** The web app's colours, by day and by night. The host says which one by setting the page's colour scheme; else the system does. */
export const cardStyle = `
:root { color-scheme: light dark; --ink: light-dark(#10131f, #f2f3f7); --soft: light-dark(#525868, #a8aec0); --line: light-dark(#dedbd1, #272e40);
  --surface: light-dark(#ffffff, #141927); --accent: light-dark(#1f35d6, #aab6ff); --on-accent: light-dark(#ffffff, #0b0e17); --good: light-dark(#0d7345, #6fd6a2); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { padding: 16px; }
h1 { font-size: 17px; margin: 0 0 12px; }
p { margin: 8px 0 0; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.scroll { overflow-x: auto; border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; }
th[scope='row'] { color: var(--soft); font-weight: 500; }
td.amount, th.amount { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.total td, .total th { font-weight: 700; color: var(--ink); }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 0 18px; border-radius: 12px; border: 1px solid var(--line); background: transparent; color: var(--accent); cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button[disabled] { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
