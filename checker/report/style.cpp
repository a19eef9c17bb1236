#include "checker/report/sections.h"

namespace verdikt::checker::report {

namespace {

constexpr std::string_view sheet = R"css(
:root{--page:#f7f7f5;--card:#fff;--ink:#1d2126;--quiet:#5d6670;--line:#dcdfe3;--good:#1a7f45;
--bad:#c22f2f;--warn:#a76a00;--mark:#ffe08a;--soft:#f0f2f4;--blue:#2563c9;--violet:#8142c9;
--process:#d97706;--network:#2563c9;--shaping:#0d9488;--disk:#9333ea;--client:#be185d;--other:#6b7280}
@media(prefers-color-scheme:dark){:root{--page:#14171a;--card:#1c2024;--ink:#e4e7ea;--quiet:#9aa4ae;
--line:#343a41;--good:#4cc27d;--bad:#ff7b72;--warn:#e0a840;--mark:#6b5310;--soft:#262b30;
--blue:#6ea8fe;--violet:#c297ff;--process:#f59e0b;--network:#60a5fa;--shaping:#2dd4bf;
--disk:#c084fc;--client:#f472b6;--other:#9ca3af}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:16px}
header,section{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:16px 20px;margin:0 0 16px}
header{border-top:6px solid var(--warn)}
header.v-valid{border-top-color:var(--good)}header.v-violation,header.v-crash{border-top-color:var(--bad)}
h1{font-size:34px;line-height:1.1;margin:0 0 8px;color:var(--warn)}
.v-valid h1{color:var(--good)}.v-violation h1,.v-crash h1{color:var(--bad)}
h2{font-size:19px;margin:4px 0 10px}section h2:not(:first-child){margin-top:22px}
h3{font-size:16px;margin:14px 0 6px}h3 small{font-weight:normal;color:var(--quiet)}
.over,.facts,.quiet,caption{color:var(--quiet);margin:0 0 8px;font-size:14px}
.over,.facts,.quiet,caption,h2,h3{overflow-wrap:anywhere}
.words{font-size:17px;margin:0 0 10px;overflow-wrap:anywhere}
.reasons{margin:0 0 10px;padding-left:20px;overflow-wrap:anywhere}
dl{margin:0 0 12px;display:grid;grid-template-columns:max-content 1fr;gap:4px 14px}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
code,pre,td.met,td.differs{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:13px}
code{overflow-wrap:anywhere;white-space:pre-wrap}
pre{background:var(--soft);padding:10px 12px;border-radius:6px;overflow-x:auto;margin:6px 0}
pre.command{white-space:pre-wrap;overflow-wrap:anywhere}pre.command span{white-space:nowrap}
td.name{white-space:nowrap}td.prose{min-width:17em}
article{border-left:4px solid var(--bad);padding:0 0 0 14px;margin:0 0 22px}
article.allowed{border-left-color:var(--line)}
.case{margin:6px 0;overflow-wrap:anywhere}
.tag{font-size:12px;border:1px solid var(--line);border-radius:9px;padding:1px 8px;margin-left:8px;
color:var(--quiet)}
.operations{list-style:none;margin:8px 0;padding:0}
.operation{background:var(--soft);border-radius:6px;padding:8px 12px;margin:0 0 6px}
.operation-head{font-size:14px;color:var(--quiet)}.operation-head b{color:var(--ink)}
.operation code,code.batch{display:block}code.batch{white-space:nowrap}.operation .error{color:var(--bad)}
.o-ok{color:var(--good)}.o-fail{color:var(--bad)}.o-info{color:var(--warn)}
mark{background:var(--mark);color:inherit;border-radius:3px;padding:0 2px;font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;margin:4px 0 10px;min-width:40%}
caption{text-align:left}
th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.bad{color:var(--bad)}.good{color:var(--good)}
table.grid td{text-align:center}table.grid tr.about th{color:var(--bad)}
tr.about td,tr.about th{border-top:2px solid var(--bad);border-bottom:2px solid var(--bad)}
td.differs{background:var(--mark)}td.passed{color:var(--bad);font-size:12px}th.proves{color:var(--bad)}
details{margin:6px 0}summary{cursor:pointer;color:var(--blue);overflow-wrap:anywhere}
svg.chart{display:block;width:100%;min-width:680px;height:auto}
svg.cycle{display:block;width:100%;min-width:600px;max-width:720px;height:auto}
svg.cycle.small{min-width:300px;max-width:520px}
svg text{fill:var(--ink);font-size:12px}svg .tick{text-anchor:middle;fill:var(--quiet)}
svg .scale,svg .lane{text-anchor:end;fill:var(--quiet)}svg line.grid{stroke:var(--line)}
svg .strip{font-size:10px}svg .inside{font-size:11px;fill:var(--card)}
.band{opacity:.16}.span{opacity:.85}.moment{stroke:var(--bad);stroke-width:1.5}
rect.toothless{fill:none;stroke:var(--quiet);stroke-dasharray:3 2}
.f-process{fill:var(--process);background:var(--process)}.f-network{fill:var(--network);background:var(--network)}
.f-shaping{fill:var(--shaping);background:var(--shaping)}.f-disk{fill:var(--disk);background:var(--disk)}
.f-client{fill:var(--client);background:var(--client)}.f-other{fill:var(--other);background:var(--other)}
.n-0{fill:#4e79a7}.n-1{fill:#3f8f5b}.n-2{fill:#b5651d}.n-3{fill:#8a63b8}.n-4{fill:#b0476b}.n-5{fill:#5c7f86}
.key.n-0{background:#4e79a7}.key.n-1{background:#3f8f5b}.key.n-2{background:#b5651d}
.key.n-3{background:#8a63b8}.key.n-4{background:#b0476b}.key.n-5{background:#5c7f86}
.key.n-none{border:1px dashed var(--bad)}.n-none{fill:none;stroke:var(--bad);stroke-dasharray:2 2}.span[class*="n-"]+.inside{fill:#fff}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.l-ok{stroke:var(--good);background:var(--good)}.l-fail{stroke:var(--bad);background:var(--bad)}
.l-info{stroke:var(--warn);background:var(--warn)}.l-0{stroke:var(--blue);background:var(--blue)}
.l-1{stroke:var(--violet);background:var(--violet)}.l-2{stroke:var(--shaping);background:var(--shaping)}
path.l-tail{stroke-dasharray:3 3;opacity:.85}
.key{display:inline-block;width:18px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
.key[class*="f-"],.key.box{width:12px;height:12px}
.key.l-median{background:var(--quiet)}
.key.l-tail{background:repeating-linear-gradient(90deg,var(--quiet) 0 4px,transparent 4px 7px)}
.legend{margin:0 0 4px;font-size:13px;color:var(--quiet);display:flex;flex-wrap:wrap;gap:2px 16px}
.legend span{white-space:nowrap}
.arc{fill:none;stroke:var(--quiet);stroke-width:1.6}.head{fill:var(--quiet)}
svg .arc-name{text-anchor:middle;font-weight:600;fill:var(--bad);paint-order:stroke;stroke:var(--card);stroke-width:5px}
.node{fill:var(--soft);stroke:var(--line)}svg .node-name{text-anchor:middle;font-weight:600}
svg .node-more{text-anchor:middle;font-size:11px;fill:var(--quiet)}
.arcs{margin:4px 0;padding-left:22px}
a{color:var(--blue)}h1.plain{color:var(--ink)}
.choices{margin:6px 0;display:flex;flex-wrap:wrap;gap:6px 12px}
.badge{font-weight:600;color:var(--warn)}.badge.v-valid{color:var(--good)}
.badge.v-violation,.badge.v-crash{color:var(--bad)}
.button{display:inline-block;margin-top:6px;padding:8px 16px;border:1px solid var(--blue);border-radius:8px;
text-decoration:none;font-weight:600}
table.runs{width:100%}table.runs td{overflow-wrap:anywhere}
@media(max-width:760px){table.runs,table.runs tbody,table.runs tr,table.runs td{display:block}
table.runs tr:has(th){display:none}table.runs tr{border-bottom:1px solid var(--line);padding:8px 0}
table.runs td{border:0;padding:1px 0}table.runs td[data-title]::before{content:attr(data-title) ": ";color:var(--quiet)}}
@media(max-width:560px){svg.chart{min-width:900px}main{padding:8px}header,section{padding:12px}h1{font-size:28px}
dl{grid-template-columns:1fr}dt{margin-top:4px}}
@media print{body{background:#fff}header,section{border:0}}
)css";

}  // namespace

std::string_view style_sheet() {
    return sheet;
}

}  // namespace verdikt::checker::report
