/** Answers with a file of the viewer's own reading: saved under its name, kept by no cache. */
export function download({ bytes, contentType, fileName }: { bytes: Uint8Array; contentType: string; fileName: string }): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'Content-Length': String(bytes.byteLength),
      'Cache-Control': 'private, no-store',
    },
  })
}
