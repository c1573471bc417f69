/** A file may weigh this much; a larger one is refused by its size, unread. */
export const largestFile = 20 * 1024 * 1024
/** A text may be this long, in UTF-16 units: some 1,000 pages. */
export const longestText = 3_000_000
/** Pages of a PDF that are read. */
export const mostPages = 1500
/** What an office file may hold unpacked, in bytes, and in files. */
export const mostUnpacked = 200 * 1024 * 1024
export const mostEntries = 5000
/** One part may unpack to this many times its size; the XML of offices reaches 60, a bomb a thousand. */
export const highestRatio = 250

/** Reading one document, and what is done with its text, may take this long, in ms, and its process this much memory, in MB. */
export const longestWork = 30_000
export const mostHeapMb = 512
export const mostMemoryMb = 768
