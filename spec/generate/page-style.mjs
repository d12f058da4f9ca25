/** The style sheet of the human page. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --ink: #1a1a1a; --paper: #fff; --link: #0b57b0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e4e4; --paper: #16181c; --link: #84b8ff } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); display: flex }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; flex: 0 0 15rem; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: 14px }
nav a, nav b { display: block; padding: .2rem 0; text-decoration: none }
main { flex: 1; min-width: 0; max-width: 62rem; padding: 1rem 2.5rem 6rem }
a { color: var(--link) }
h2 { margin-top: 4rem; padding-top: 1rem; border-top: 2px solid var(--line) }
h3 { margin-top: 2.5rem }
h4 { margin: 1.2rem 0 .4rem }
code, pre { font: .875em/1.5 ui-monospace, Menlo, Consolas, monospace }
code { background: var(--soft); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere }
pre { background: var(--soft); padding: .8rem 1rem; overflow: auto; border-radius: 6px }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 14.5px }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line) }
td code { overflow-wrap: break-word }
td .example code { overflow-wrap: anywhere }
td ul { margin: .3rem 0; padding-left: 1.2rem }
small, .example, .route span { opacity: .7 }
.route { font-family: ui-monospace, Menlo, Consolas, monospace }
.requirements { list-style: none; padding: 0 }
.requirements li { padding: .35rem 0 .35rem 5.2rem; text-indent: -5.2rem }
.id { display: inline-block; min-width: 5.2rem; text-indent: 0; font: 13px ui-monospace, Menlo, Consolas, monospace; text-decoration: none }
li:target, section:target > h3, span:target { background: #fc04 }
svg { width: 100%; max-width: 860px; font: 12px system-ui, sans-serif; fill: var(--ink) }
svg text { text-anchor: middle }
svg text.left { text-anchor: start }
svg text.state { font-weight: 600; font-size: 14px }
svg rect.state { fill: var(--soft); stroke: var(--ink) }
svg rect.group { fill: none; stroke: var(--line); stroke-dasharray: 4 4 }
svg .edge { fill: none; stroke: var(--ink); marker-end: url(#tip) }
@media (max-width: 50rem) { body { display: block } nav { position: static; height: auto; border: 0 } main { padding: 1rem } }
@media print { nav { display: none } }
`;
