/**
 * The PDF's typesetter: reads a Composition from `/document.json` and draws it. Lines are as high as the DOCX's exact
 * lines, with four fifths of them above the baseline, where word processors put it.
 */
export const typstTemplate = String.raw`
#let d = json("/document.json")
#let p = d.profile

#set document(title: d.title, author: d.author, date: none)
#set page(
  width: p.pageMm.width * 1mm,
  height: p.pageMm.height * 1mm,
  margin: (
    top: p.marginsMm.top * 1mm,
    bottom: p.marginsMm.bottom * 1mm,
    left: p.marginsMm.left * 1mm,
    right: p.marginsMm.right * 1mm,
  ),
  header-ascent: 0pt,
  header: context {
    let number = counter(page).get().first()
    if number > 1 { place(top + center, dy: p.pageNumberMm * 1mm, str(number)) }
  },
)
#let upper = 0.8
#set text(
  font: "Tinos",
  fallback: false,
  lang: "vi",
  region: "VN",
  size: p.fontPt.text * 1pt,
  top-edge: upper * p.linePt * 1pt,
  bottom-edge: (upper - 1) * p.linePt * 1pt,
  kerning: false,
  ligatures: false,
  hyphenate: false,
  overhang: false,
)
#set par(leading: 0pt, spacing: 0pt, linebreaks: "simple")
#set block(above: 0pt, below: 0pt)

#let sides = (left: left, center: center, right: right)

#let words(one) = {
  set text(
    size: one.sizePt * 1pt,
    weight: if one.bold { "bold" } else { "regular" },
    style: if one.italic { "italic" } else { "normal" },
    top-edge: upper * one.linePt * 1pt,
    bottom-edge: (upper - 1) * one.linePt * 1pt,
  )
  set par(hanging-indent: one.hangingMm * 1mm)
  if one.underlined { underline(one.text, offset: 1.5pt, stroke: 0.6pt, evade: false) } else { one.text }
}

#let set-line(one) = if one.is == "rule" {
  block(
    width: 100%,
    height: (one.beforePt + one.heightPt + 1.5) * 1pt, // the line and its distance stand above the DOCX's paragraph
    inset: (top: one.beforePt * 1pt),
    align(center, pdf.artifact(line(length: one.widthMm * 1mm, stroke: 0.5pt))),
  )
} else {
  block(
    width: 100%,
    inset: (top: one.beforePt * 1pt, left: one.leftMm * 1mm, right: one.rightMm * 1mm),
    below: one.afterPt * 1pt,
    align(sides.at(one.align), words(one)),
  )
}

#let set-pairs(pairs, columns) = grid(
  columns: (columns.left * 1mm, columns.right * 1mm),
  ..pairs.map(pair => (pair.left.map(set-line).join(), pair.right.map(set-line).join())).flatten()
)

// Broken over pages only when it is higher than one.
#let together(body) = context {
  let whole = (p.pageMm.height - p.marginsMm.top - p.marginsMm.bottom) * 1mm
  let width = (p.pageMm.width - p.marginsMm.left - p.marginsMm.right) * 1mm
  block(width: 100%, breakable: measure(body, width: width).height > whole, body)
}

// A word wider than its room is broken anywhere, as word processors do, and not lost beyond the edge.
#let fit(words, room) = {
  let parts = words.split(" ")
  if parts.all(part => part.len() * 8pt < room) { words } else {
    context parts.map(part => if measure(part).width > room { part.clusters().join(sym.zws) } else { part }).join(" ")
  }
}

#let set-table(one) = {
  set text(size: p.fontPt.table * 1pt)
  if one.caption != none {
    block(width: 100%, below: 2pt, sticky: true, align(right, emph(one.caption)))
  }
  let rooms = one.columns.map(column => column.widthMm * 1mm - 2.4mm)
  let is-high(row) = row.zip(rooms).any(((words, room)) => words.clusters().len() * 7pt > 20 * room)
  let set-row(row) = row.zip(rooms).map(((words, room)) => table.cell(breakable: is-high(row), fit(words, room)))
  let head = one.columns.zip(rooms).map(((column, room)) => table.cell(align: center + horizon, strong(fit(column.head, room))))
  // the last row goes with the total, which never stands alone on a page
  let joined = if one.total == none or one.rows.len() == 0 or is-high(one.rows.last()) { 0 } else { 1 }
  let above = one.rows.slice(0, one.rows.len() - joined)
  let foot = if one.total == none { () } else {
    let last = one.rows.slice(one.rows.len() - joined).map(set-row).flatten()
    (table.footer(repeat: false, ..last, ..one.total.zip(rooms).map(((words, room)) => strong(fit(words, room)))),)
  }
  let drawn = table(
    columns: one.columns.map(column => column.widthMm * 1mm),
    align: one.columns.map(column => sides.at(column.align) + horizon),
    inset: (x: 1.2mm, y: 2pt),
    stroke: 0.5pt,
    table.header(..head),
    ..above.map(set-row).flatten(),
    ..foot,
  )
  if one.rows.len() > 10 { drawn } else { together(drawn) }
  v(6pt)
}

#show heading: set text(size: p.fontPt.text * 1pt)
#show heading: it => block(
  width: 100%,
  above: 6pt,
  below: 4pt,
  sticky: true,
  par(first-line-indent: (amount: p.firstLineMm * 1mm, all: true), it.body),
)

#let set-block(one) = if one.is == "heading" {
  heading(level: 1, one.text)
} else if one.is == "paragraph" {
  block(
    width: 100%,
    below: 6pt,
    sticky: one.at("leadsTo", default: false),
    par(justify: true, first-line-indent: (amount: p.firstLineMm * 1mm, all: true), fit(one.text, 155mm)),
  )
} else if one.is == "chart" {
  block(
    width: 100%,
    below: 6pt,
    align(center, image(one.png, format: "png", width: one.widthMm * 1mm, height: one.heightMm * 1mm, alt: one.alt)),
  )
} else { set-table(one) }

#set-pairs(d.letterhead, p.columnsMm)
#d.opening.map(set-line).join()
#d.body.map(set-block).join()
#v(12pt)
#together(set-pairs((d.closing,), p.closingColumnsMm))
`
