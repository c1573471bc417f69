/** Lower case without marks, đ as d, as the SQL function fold: "Hoà", "hòa" and "HOA" are found alike. */
export function fold(words: string): string {
  return words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll('đ', 'd')
}

/** Whether every word that is looked for begins a word of the name: "ng hung" finds Nguyễn Văn Hùng. */
export function isFound(name: string, looked: string): boolean {
  const words = fold(name).split(/\s+/)
  return fold(looked)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)))
}
