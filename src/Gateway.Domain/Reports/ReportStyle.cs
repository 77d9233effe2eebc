namespace Gateway.Domain.Reports;

/// <summary>How the printed page looks: A4, black on white, one accent for what is wrong. Everything stands in the page itself.</summary>
internal static class ReportStyle
{
    public const string Css = """
        @page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #667; } }
        * { box-sizing: border-box; }
        html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        body { margin: 0 auto; max-width: 182mm; color: #14181d; background: #fff; font: 9.5pt/1.45 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans", system-ui, sans-serif; font-variant-numeric: tabular-nums; }
        @media screen { body { padding: 12mm 6mm; } }
        header { display: flex; justify-content: space-between; align-items: flex-end; gap: 8mm; border-bottom: 1.5pt solid #14181d; padding-bottom: 3mm; }
        h1 { font-size: 18pt; line-height: 1.2; margin: 0; font-weight: 650; }
        h1 small { display: block; font-size: 10.5pt; font-weight: 400; color: #4a525c; margin-top: 1mm; }
        h2 { font-size: 11.5pt; margin: 8mm 0 2mm; font-weight: 650; break-after: avoid; }
        .meta { text-align: right; font-size: 8pt; color: #4a525c; white-space: nowrap; }
        .figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 5mm; margin-top: 5mm; }
        .figure { border-top: 2.5pt solid #14181d; padding-top: 2mm; break-inside: avoid; }
        .figure.missed { border-color: #b3261e; }
        .figure b { display: block; font-size: 25pt; line-height: 1.15; font-weight: 600; letter-spacing: -.01em; }
        .figure.missed b { color: #b3261e; }
        .figure.none b { color: #7a828c; font-size: 18pt; line-height: 1.6; }
        .figure span { display: block; font-size: 8.5pt; color: #4a525c; }
        .figure code { font-size: 7.5pt; color: #4a525c; }
        .figure strong { font-size: 9.5pt; font-weight: 600; }
        table { width: 100%; border-collapse: collapse; }
        th { text-align: left; font-size: 8pt; font-weight: 500; color: #4a525c; border-bottom: .75pt solid #14181d; padding: 1mm 2mm 1mm 0; vertical-align: bottom; }
        td { border-bottom: .5pt solid #d5d9de; padding: 1.1mm 2mm 1.1mm 0; vertical-align: top; }
        thead { display: table-header-group; }
        tr { break-inside: avoid; }
        .n { text-align: right; white-space: nowrap; padding-right: 0; padding-left: 2mm; }
        .w { white-space: nowrap; }
        .o { min-width: 26mm; }
        .s { font-size: 8pt; color: #4a525c; }
        .bad { color: #b3261e; font-weight: 600; }
        .none { color: #4a525c; }
        .ribbon { display: block; width: 100%; height: 4.4mm; background: #fff; border: .5pt solid #b9c0c8; }
        .ribbon .online { fill: #bcd9c6; } .ribbon .offline { fill: #b3261e; } .ribbon .unknown { fill: #7a828c; } .ribbon .excused { fill: #7ea6d6; } .ribbon .not-in-service { fill: #c9ced4; }
        .ribbon .tick { stroke: #fff; stroke-width: .4pt; vector-effect: non-scaling-stroke; fill: none; opacity: .8; }
        .legend { display: flex; flex-wrap: wrap; gap: 1mm 5mm; font-size: 8pt; color: #4a525c; margin: 0 0 2mm; }
        .legend i { display: inline-block; width: 7mm; height: 3mm; margin-right: 1.5mm; vertical-align: -.3mm; border: .5pt solid #b9c0c8; }
        .legend .online { background: #bcd9c6; } .legend .offline { background: #b3261e; } .legend .unknown { background: linear-gradient(#fff 25%, #7a828c 25%); }
        .legend .excused { background: linear-gradient(#fff 33%, #7ea6d6 33%, #7ea6d6 67%, #fff 67%); } .legend .not-in-service { background: linear-gradient(#fff 85%, #c9ced4 85%); }
        .tight td { padding: .35mm 2mm .35mm 0; font-size: 8.5pt; } .tight .n { padding-right: 0; padding-left: 2mm; }
        .devices td:nth-child(2) { width: 52%; padding-top: 1.6mm; }
        dl { margin: 0; } dt { font-weight: 600; margin-top: 2.5mm; break-after: avoid; } dd { margin: .5mm 0 0; break-inside: avoid; }
        code { font: 8.5pt/1.4 "Noto Sans Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .chain { display: grid; grid-template-columns: max-content 1fr; gap: .6mm 5mm; font-size: 8.5pt; break-inside: avoid; }
        """;
}
