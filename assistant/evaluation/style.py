"""The scorecard's look: system fonts, light and quiet on the screen, black on white on paper."""

STYLE = """
:root { --ink: #1d2329; --soft: #5d6670; --line: #dfe3e7; --paper: #fff; --back: #f5f6f8;
  --first: #1f5a8c; --second: #c2571a; --good: #1c7a4a; --bad: #b3261e; --fair: #8a6100; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); line-height: 1.6;
  font-family: system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 1.55rem; margin: 0; }
h2 { font-size: 1.08rem; margin: 0 0 4px; }
h3 { font-size: .82rem; margin: 14px 0 4px; color: var(--soft); font-weight: 600; }
p.note, .run { color: var(--soft); font-size: .85rem; margin: 2px 0 10px; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 18px 20px; margin-top: 18px; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-top: 18px; }
.tile { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.tile .name { color: var(--soft); font-size: .82rem; }
.tile .value { font-size: 1.75rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile .parts { font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.tile .parts span { white-space: nowrap; }
.plots { display: grid; grid-template-columns: 1fr 1fr; gap: 0 18px; align-items: start; }
svg { width: 100%; height: auto; display: block; font-family: inherit; }
svg text { font-size: 12.5px; fill: var(--ink); } svg .tick, svg .note { fill: var(--soft); font-size: 11px; }
svg .grid { stroke: var(--line); } svg .rule { stroke: #eef0f2; } svg .axis { stroke: var(--soft); }
svg .range { stroke-width: 2.5; opacity: .5; }
svg .first { fill: var(--first); stroke: var(--first); } svg .second { fill: var(--second); stroke: var(--second); }
svg .bar { fill: var(--first); opacity: .85; } svg .at { stroke: var(--second); stroke-dasharray: 3 3; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { color: var(--soft); display: block; line-height: 1.35; }
details { border-top: 1px solid var(--line); }
details:first-of-type { border-top: 0; }
summary { cursor: pointer; padding: 8px 0; display: grid; grid-template-columns: 1em 7.4em 5.4em 1fr;
  gap: 8px; align-items: baseline; }
summary::before { content: "▸"; color: var(--soft); } details[open] > summary::before { content: "▾"; }
summary::-webkit-details-marker { display: none; }
summary:hover .asked, summary:focus-visible .asked { text-decoration: underline; }
summary .id { color: var(--soft); font-size: .8rem; overflow-wrap: anywhere; line-height: 1.35; }
.body { padding: 0 0 14px 1.5em; }
.chip { display: inline-block; border-radius: 4px; padding: 0 7px; font-size: .78rem; border: 1px solid currentColor; white-space: nowrap; }
.right, .supported, .found, .met, .better { color: var(--good); } .wrong, .unsupported, .missed, .failed, .worse { color: var(--bad); }
.partial, .uncited, .abstained { color: var(--fair); } .unscored { color: var(--soft); }
.words { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.words.box { background: var(--back); border-radius: 6px; padding: 8px 12px; }
ul { margin: 0; padding-left: 1.1em; } li { overflow-wrap: anywhere; }
ul.bare { list-style: none; padding: 0; } ul.bare li { margin-bottom: 7px; }
.where { color: var(--soft); font-size: .82rem; }
.scores { color: var(--soft); font-size: .82rem; font-variant-numeric: tabular-nums; }
td:first-child { min-width: 11em; }
@media (max-width: 760px) { .plots { grid-template-columns: 1fr; } .tiles { grid-template-columns: 1fr 1fr; }
  summary { grid-template-columns: 1em auto 1fr; } summary > :last-child { grid-column: 2 / -1; } }
@media print { @page { margin: 14mm; }
  body { background: #fff; font-size: 10.5pt; } main { max-width: none; padding: 0; }
  section, .tile { border-color: #bbb; break-inside: avoid; } section.long { break-inside: auto; border: 0; padding: 0; }
  .plots { grid-template-columns: 1fr; } .plots svg { max-height: 115mm; }
  summary { break-after: avoid; } .scroll { overflow: visible; }
  .body { padding-left: 0; } details.worst::details-content { content-visibility: visible; display: block; block-size: auto; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""
