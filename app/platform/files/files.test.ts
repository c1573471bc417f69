import { createHash, randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Document, Packer, Paragraph } from 'docx'
import fc from 'fast-check'
import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { testFiles } from '../../../tests/files.ts'
import { Refused } from '../errors.ts'
import { safeFileName } from './file-name.ts'
import { compound, docx, elf, exe, fieldOf, jpg, mp3, mp4, odt, packedPdf, pdf, png, relsOf, text, typesOf, zipOf } from './files.fixture.ts'
import { keepFile, openFile, type Takes } from './files.ts'
import { documentKinds, materialKinds, scanKinds } from './media-types.ts'
import { serveFile } from './serve.ts'

const files = await testFiles()
const most = 8 * 1024 * 1024
const take = (content: AsyncIterable<Uint8Array> | Uint8Array, takes: Partial<Takes> = {}) => keepFile(files, content, { allowed: materialKinds, most, ...takes })
const refusalOf = (work: Promise<unknown>) => work.then(() => 'taken', (error: unknown) => (error instanceof Refused ? { field: error.field, vi: error.sentence('vi'), en: error.sentence('en') } : Promise.reject(error as Error)))
const book = zipOf([typesOf('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'), { name: 'xl/workbook.xml', content: '<workbook/>' }])
const runs = '<< /S /JavaScript /JS (app.alert(1)) >>'
const odtWith = (content: string) => zipOf([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', isStored: true }, { name: 'content.xml', content }, { name: 'META-INF/manifest.xml', content: '<m/>' }])
const office = (kind: string) => `application/vnd.openxmlformats-officedocument.${kind}.main+xml`

describe('what a file is, its bytes say', () => {
  test.each<[string, string, Promise<Uint8Array> | Uint8Array]>([
    ['a PDF', 'pdf', pdf],
    ['a document of Word', 'docx', Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('Kế hoạch')] }] }))],
    ['a workbook', 'xlsx', writeXlsx({ sheets: [{ name: 'A', rows: [['Đơn vị', 40]] }] })],
    ['slides', 'pptx', zipOf([typesOf(office('presentationml.presentation')), { name: 'ppt/presentation.xml', content: '<p/>' }])],
    ['a document of LibreOffice', 'odt', odt],
    ['a JPEG', 'jpg', jpg],
    ['a PNG', 'png', png],
    ['a recording', 'mp3', mp3],
    ['a film', 'mp4', mp4],
    ['plain text', 'txt', Buffer.from('Kế hoạch số 17-KH/TU\r\nvề học tập Nghị quyết')],
    ['text of Notepad with a mark', 'txt', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Kế hoạch', 'utf16le')])],
    ['Word with the template of its user', 'docx', zipOf([typesOf(), text, relsOf('attachedTemplate', 'file:///C:\\Users\\lan\\Normal.dotm')])],
    ['Word with a list of contents and a picture of a page', 'docx', zipOf([typesOf(), fieldOf(' TOC \\o "1-3" ', ' HYPERLINK "https://example.vn/dde" ', ' INCLUDEPICTURE "https://example.vn/a.png" ')])],
    ['Word with a workbook and a chart of an older program in it', 'docx', zipOf([typesOf(), text, { name: 'word/embeddings/a.xlsx', content: book }, { name: 'word/embeddings/oleObject1.bin', content: compound('Equation Native') }])],
    ['slides with a button to the next', 'pptx', zipOf([typesOf(office('presentationml.presentation')), { name: 'ppt/slides/slide1.xml', content: '<p:sld><a:hlinkClick r:id="" action="ppaction://hlinkshowjump?jump=nextslide"/></p:sld>' }])],
    ['a PDF with packed objects', 'pdf', packedPdf('<< /Type /Page /Contents (Kế hoạch) >>')],
    ['a PDF with three lists of packed objects', 'pdf', Buffer.concat([packedPdf('<< /Type /Page >>'), packedPdf('<< /Type /Font >>').subarray(9), packedPdf('<< /Type /Outlines >>').subarray(9)])],
    ['a PDF whose page begins with numbers', 'pdf', Buffer.from(packedPdf('0 0 1 cm BT (/JavaScript ) Tj ET', '/Filter /FlateDecode').toString('latin1').replace('/N 1 /First 4', ''), 'latin1')],
    ['Word with a link', 'docx', zipOf([typesOf(), text, relsOf('hyperlink', 'https://example.vn')])],
  ])('%s is %s', async (_, kind, content) => {
    const kept = await take(await content)
    expect(kept.kind).toBe(kind)
    expect(kept.sha256).toEqual(createHash('sha256').update(await content).digest())
    await kept.drop()
  })

  test.each<[string, Uint8Array, string | RegExp]>([
    ['a program', exe, 'Tệp này là chương trình'],
    ['a program of Linux', elf, 'Tệp này là chương trình'],
    ['a document with a program in it', zipOf([typesOf(), text, { name: 'word/embeddings/thu.exe', content: exe }]), 'Tệp này là chương trình'],
    ['a web page', Buffer.from('\ufeff  <!DOCTYPE html><html></html>'), 'Tệp này là trang web'],
    ['a script in a page', Buffer.from('<script>alert(1)</script>'), 'Tệp này là trang web'],
    ['an SVG', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'Tệp này là trang web'],
    ['a script', Buffer.from('#!/bin/sh\nrm -rf /\n'), 'Tệp này là trang web'],
    ['Word with macros', zipOf([typesOf(), text, { name: 'word/vbaProject.bin', content: 'x' }]), 'Tệp có macro'],
    ['Word with macros under another name', zipOf([typesOf(undefined, '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'), text]), 'Tệp có macro'],
    ['a document that says it has macros, in letters that hide it', zipOf([typesOf('application/vnd.ms-word.document.macro&#69;nabled.main+xml'), text]), 'Tệp có macro'],
    ['a workbook with a sheet of macros', zipOf([typesOf(office('spreadsheetml.sheet')), { name: 'xl/macrosheets/sheet1.xml', content: '<a/>' }]), 'Tệp có macro'],
    ['a document of LibreOffice with macros', zipOf([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', isStored: true }, { name: 'META-INF/manifest.xml', content: '<m/>' }, { name: 'Basic/Standard/Module1.xml', content: '<a/>' }]), 'Tệp có macro'],
    ['a template from elsewhere', zipOf([typesOf(), text, relsOf('attachedTemplate', 'http://evil.example/t.dotm')]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['a template from another machine', zipOf([typesOf(), text, relsOf('attachedTemplate', 'file://may-khac/t.dotm')]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['an object from elsewhere', zipOf([typesOf(), text, relsOf('oleObject', 'https://evil.example/x')]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['Word with a password', compound('EncryptedPackage'), 'Tệp có mật khẩu'],
    ['Word of 2003', compound('WordDocument'), 'Tệp thuộc loại cũ'],
    ['a locked zip', zipOf([typesOf(), { ...text, flags: 1 }]), 'Tệp có mật khẩu'],
    ['a locked PDF', Buffer.from('%PDF-1.4\ntrailer << /Encrypt 5 0 R >>\n%%EOF'), 'Tệp có mật khẩu'],
    ['a PDF that runs', Buffer.from('%PDF-1.4\n<< /S /JavaScript /JS (app.alert(1)) >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that starts a program, hidden', Buffer.from('%PDF-1.4\n<< /S /L#61unch /F (cmd.exe) >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, its name ended by a nought', Buffer.from('%PDF-1.4\n<< /S /JavaScript\0/JS (app.alert(1)) >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, its name ended by a remark', Buffer.from('%PDF-1.4\n<< /S /JavaScript%\n/JS (app.alert(1)) >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs a form', Buffer.from('%PDF-1.7\n<< /AcroForm << /XFA 5 0 R >> >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs with a film', Buffer.from('%PDF-1.7\n<< /S /Rendition /JS (app.alert(1)) >>\n%%EOF'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed', packedPdf(runs), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed in the last of two lists', Buffer.concat([packedPdf('<< /Type /Page >>'), packedPdf(runs).subarray(9)]), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed with its name in numbers', packedPdf('<< /S /Java#53cript /JS (app.alert(1)) >>'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed in what is not said to hold objects', packedPdf(runs, '/Filter /FlateDecode'), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed behind a long list', packedPdf(`[ ${'0 '.repeat(400_000)}] ${runs}`), 'Tệp PDF này có mã tự chạy'],
    ['a PDF that runs, packed with a wrong sum', packedPdf(runs, undefined, (packed) => Buffer.concat([packed.subarray(0, -4), Buffer.alloc(4)])), /Tệp PDF này có mã tự chạy|Tệp bị hỏng/],
    ['a PDF with objects packed twice', packedPdf(runs, '/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]', (packed) => Buffer.from(`${packed.toString('hex')}>`)), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a PDF with objects packed as pictures are', packedPdf(runs, '/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 5 >>'), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a PDF with a program attached', Buffer.from('%PDF-1.7\n<< /Names << /EmbeddedFiles 4 0 R >> >>\n%%EOF'), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a PDF with a program attached, packed', packedPdf('<< /Type /Filespec /F (thu.exe) /EF << /F 9 0 R >> >>'), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a locked PDF, with a remark', Buffer.from('%PDF-1.4\ntrailer << /Encrypt%\n5 0 R >>\n%%EOF'), 'Tệp có mật khẩu'],
    ['Word that starts a program', zipOf([typesOf(), fieldOf('DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"')]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['Word that starts a program, its field in pieces', zipOf([typesOf(), fieldOf(' D', 'D', '&#69;', ' excel ', '"cmd"')]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['Word that starts a program from a plain field', zipOf([typesOf(), { name: 'word/header1.xml', content: `<w:hdr><w:fldSimple w:instr='DDE "c:\\a.exe"'/></w:hdr>` }]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['Word that starts a program, in wide letters', zipOf([typesOf(), { name: 'word/document.xml', content: Buffer.from(`\ufeff${fieldOf('DDEAUTO cmd').content}`, 'utf16le') }]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['Word that takes in a text from elsewhere', zipOf([typesOf(), fieldOf(' INCLUDETEXT "https://evil.example/a.docx" ')]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['a workbook that starts a program', zipOf([typesOf(office('spreadsheetml.sheet')), { name: 'xl/externalLinks/externalLink1.xml', content: '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>' }]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['slides with a button that starts a program', zipOf([typesOf(office('presentationml.presentation')), { name: 'ppt/slides/slide1.xml', content: '<p:sld><a:hlinkHover r:id="rId2" action="&#112;paction://program"/></p:sld>' }]), 'Tệp có lệnh tự gọi chương trình khác'],
    ['a program under the name of a picture in a document', zipOf([typesOf(), text, { name: 'word/media/image1.png', content: exe }]), 'Tệp này là chương trình'],
    ['macros under the name of a picture in a document', zipOf([typesOf(), text, { name: 'word/media/image1.png', content: compound('_VBA_PROJECT') }]), 'Tệp có macro'],
    ['a package with any file in it', zipOf([typesOf(), text, { name: 'word/embeddings/oleObject1.bin', content: compound('\u0001Ole10Native') }]), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a document with a workbook with macros', zipOf([typesOf(), text, { name: 'word/embeddings/a.xlsx', content: zipOf([typesOf(office('spreadsheetml.sheet')), { name: 'xl/vbaProject.bin', content: 'x' }]) }]), 'Tệp có macro'],
    ['a document with a zip of anything', zipOf([typesOf(), text, { name: 'word/embeddings/a.bin', content: zipOf([{ name: 'a.txt', content: 'a' }]) }]), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a document in a document in a document', zipOf([typesOf(), text, { name: 'word/a.docx', content: zipOf([typesOf(), text, { name: 'word/a.docx', content: docx }]) }]), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['a document with a bomb inside', zipOf([typesOf(), text, { name: 'word/a.docx', content: zipOf([typesOf(), { name: 'word/document.xml', content: Buffer.alloc(40 * 1024 * 1024) }]) }]), 'Tệp bung ra quá lớn'],
    ['a page that Word takes in', zipOf([typesOf(), text, relsOf('aFChunk', 'a.html', 'Internal')]), 'Tệp có tệp khác đính hoặc gói bên trong'],
    ['macros that a relationship alone tells of', zipOf([typesOf(), text, relsOf('vbaProject', 'a.bin', 'Internal')]), 'Tệp có macro'],
    ['a template from elsewhere, told in a part with capital letters', zipOf([typesOf(), text, { ...relsOf('attachedTemplate', 'http://evil.example/t.dotm'), name: 'word/_RELS/settings.xml.Rels' }]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['a template from elsewhere, told in a part whose name is in numbers', zipOf([typesOf(), text, { ...relsOf('attachedTemplate', 'http://evil.example/t.dotm'), name: 'word/_rels/settings.xml%2Erels' }]), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['a document of LibreOffice that calls a macro', odtWith('<office:document-content><script:event-listener xlink:href="vnd.sun.star.script:a.py$b"/></office:document-content>'), 'Tệp có macro'],
    ['a document of LibreOffice that starts a program', odtWith('<text:dde-connection-decl office:dde-application="cmd"/>'), 'Tệp có lệnh tự gọi chương trình khác'],
    ['a document of LibreOffice with a part from elsewhere', odtWith('<text:section-source xlink:href="https://evil.example/a.odt"/>'), 'Tệp lấy mẫu hoặc phần nhúng từ một địa chỉ bên ngoài'],
    ['a document of Word that says it is LibreOffice’s too', zipOf([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', isStored: true }, typesOf(), text]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a bomb that says so', zipOf([typesOf(), { ...text, claims: 0xfffffff0 }]), 'Tệp bung ra quá lớn'],
    ['a bomb', zipOf([typesOf(), { name: 'word/document.xml', content: Buffer.alloc(40 * 1024 * 1024) }]), 'Tệp bung ra quá lớn'],
    ['a part that is larger than it says', zipOf([typesOf(), { name: 'word/document.xml', content: Buffer.alloc(900_000), claims: 10 }]), 'Tệp bị hỏng'],
    ['a PDF that is a zip too', Buffer.concat([pdf, docx]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a zip behind a PDF', zipOf([typesOf(), text], { before: Buffer.from('%PDF-1.4\n') }), 'Tệp bị hỏng'],
    ['a zip with something before it', zipOf([{ name: 'a', content: '%PDF-1.4', isStored: true }, typesOf(), text]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a picture that is a zip too', Buffer.concat([png, docx]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a picture that is a page too', Buffer.concat([jpg.subarray(0, 100), Buffer.from('<html><script>'), jpg]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a PDF with a page behind it', Buffer.concat([pdf, Buffer.from('<script>alert(1)</script>')]), 'Tệp này vừa là loại này vừa là loại khác'],
    ['a PDF that was cut off', pdf.subarray(0, 40), 'Tệp bị hỏng'],
    ['a document that was cut off', docx.subarray(0, docx.length - 30), 'Tệp bị hỏng'],
    ['two parts of one name', zipOf([typesOf(), text, text]), 'Tệp bị hỏng'],
    ['a GIF', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100)]), 'Nội dung tệp không thuộc loại được nhận'],
    ['noise', Buffer.from('0102030405060708'.repeat(40), 'hex'), 'Nội dung tệp không thuộc loại được nhận'],
    ['a zip of anything', zipOf([{ name: 'a.txt', content: 'a' }]), 'Nội dung tệp không thuộc loại được nhận'],
    ['nothing', Buffer.alloc(0), 'Tệp trống'],
  ])('%s is refused', async (_, content, sentence) => {
    const refusal = await refusalOf(take(content, { field: 'scan', name: 'ke-hoach.pdf' }))
    expect(refusal).toMatchObject({ field: 'scan', vi: expect.stringMatching(sentence) as string, en: expect.stringMatching(/^[A-Z].*\.$/) as string })
  })

  test('what the caller does not take is refused by its kind', async () => {
    expect(await refusalOf(take(docx, { allowed: scanKinds }))).toMatchObject({ vi: 'Ở đây không nhận tệp DOCX. Anh/chị chọn tệp loại PDF, JPG, PNG.' })
    expect(await refusalOf(take(mp4, { allowed: documentKinds }))).toMatchObject({ en: expect.stringContaining('MP4 files are not taken here') as string })
  })

  test('whatever bytes come, they are taken whole or refused with a sentence', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.constantFrom(docx, pdf, png, mp4, odt), fc.nat(), async (noise, base, at) => {
        const content = Buffer.from(base)
        content.set(noise.subarray(0, content.length), Math.min(at % content.length, content.length - Math.min(noise.length, content.length)))
        const refused = await refusalOf(take(content).then((kept) => kept.drop()))
        expect(refused === 'taken' || typeof refused === 'object').toBe(true)
      }),
      { numRuns: 150 },
    ))
})

describe('a file on its way in', () => {
  const drafts = () => readdir(files.incoming)

  test('is refused while it comes, and nothing of it stays', async () => {
    let sent = 0
    const endless = async function* () {
      for (;;) {
        sent += 1024 * 1024
        yield Buffer.alloc(1024 * 1024, 1)
        await Promise.resolve()
      }
    }
    expect(await refusalOf(take(endless()))).toMatchObject({ vi: 'Tệp lớn hơn 8 MB nên không được nhận. Anh/chị chọn tệp nhỏ hơn, hoặc chia thành nhiều tệp.' })
    expect(sent).toBe(9 * 1024 * 1024)
    expect(await drafts()).toEqual([])
  })
  test('that breaks off leaves nothing', async () => {
    const broken = async function* () {
      yield pdf.subarray(0, 20)
      await Promise.resolve()
      throw new Error('the line was cut')
    }
    await expect(take(broken())).rejects.toThrow('the line was cut')
    expect(await drafts()).toEqual([])
  })
  test('is the owner’s alone, and never executable', async () => {
    const kept = await take(pdf)
    expect((await stat(join(files.incoming, (await drafts())[0]!))).mode & 0o777).toBe(0o600)
    await kept.place()
    const hash = kept.sha256.toString('hex')
    expect((await stat(join(files.incoming, '..', hash.slice(0, 2), hash))).mode & 0o777).toBe(0o600)
    await kept.drop()
    expect(await drafts()).toEqual([])
  })
})

describe('the name of a file', () => {
  test.each([
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\anh\\bảng tổng hợp.PDF', 'bảng tổng hợp.pdf'],
    ['bảng.pdf'.normalize('NFD'), 'bảng.pdf'],
    ['hóa\u202Efdp.exe', 'hóafdp.exe.pdf'],
    ['kế\u00a0hoạch\u200b.pdf', 'kế hoạch.pdf'],
    ['CON.pdf', '_CON.pdf'],
    ['..', 'tep.pdf'],
    ['', 'tep.pdf'],
    ['.htaccess', 'htaccess.pdf'],
  ])('%j is kept as %j', (given, kept) => expect(safeFileName(given, 'pdf')).toBe(kept))

  test('is one step, short, composed and of its kind, whatever was given', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: fc.constantFrom('..', '/', '\\', '.', 'ệ', '\u202e', '\0', ' ', 'pdf', '\ud800') }), fc.string({ unit: 'grapheme', maxLength: 400 })), (given) => {
        const name = safeFileName(given, 'pdf')
        expect(name).toMatch(/^[^\p{C}/\\<>:"|?*\s.][^\p{C}/\\<>:"|?*]*\.pdf$/u)
        expect(name.normalize('NFC')).toBe(name)
        expect(Buffer.byteLength(name)).toBeLessThan(220)
        expect(safeFileName(name, 'pdf')).toBe(name)
      }),
      { numRuns: 500 },
    ))
})

describe('a file that is served', async () => {
  const content = Buffer.concat([mp4, randomBytes(300_000)])
  const kept = await take(content)
  await kept.place()
  const attached = { sha256: kept.sha256, size: kept.size, mediaType: kept.mediaType, name: 'Ghi âm “hội nghị” (1).mp4' }
  const ask = (headers: Record<string, string> = {}, method = 'GET', options = {}) => serveFile(files, attached, new Request('http://x/', { headers, method }), options)

  test('is a download that nothing runs or guesses', async () => {
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="Ghi-am-hoi-nghi-1-.mp4"; filename*=UTF-8''Ghi%20%C3%A2m%20%E2%80%9Ch%E1%BB%99i%20ngh%E1%BB%8B%E2%80%9D%20%281%29.mp4`,
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store, no-transform',
      'accept-ranges': 'bytes',
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true)
  })
  test('is shown in its place only where its kind may be', async () => {
    expect((await ask({}, 'HEAD', { isInline: true })).headers.get('content-disposition')).toMatch(/^inline; /)
    const note = await serveFile(files, { ...attached, mediaType: 'text/plain; charset=utf-8' }, new Request('http://x/', { method: 'HEAD' }), { isInline: true })
    expect(note.headers.get('content-disposition')).toMatch(/^attachment; /)
  })
  test('shown in its place, it may load itself and nothing else, and nothing runs', async () => {
    const policyOf = async (mediaType: string) => (await serveFile(files, { ...attached, mediaType }, new Request('http://x/', { method: 'HEAD' }), { isInline: true })).headers.get('content-security-policy')
    // without these a recording that is opened stays silent: the browser's own page around it loads it from its own origin
    expect(await policyOf('video/mp4')).toBe("default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'none'")
    expect(await policyOf('application/pdf')).toMatch(/^default-src 'none'; object-src 'self';(?!.*script)/)
    expect(await policyOf('text/plain; charset=utf-8')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
  })
  test('any part that is asked for is that part', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(content.length + 10), fc.nat(content.length + 10), fc.constantFrom('both', 'from', 'last'), async (one, other, how) => {
        const range = how === 'both' ? `${one}-${other}` : how === 'from' ? `${one}-` : `-${one}`
        const expected = how === 'last' ? (one === 0 ? null : content.subarray(Math.max(0, content.length - one))) : one >= content.length || (how === 'both' && other < one) ? null : content.subarray(one, how === 'from' ? undefined : other + 1)
        const answer = await ask({ Range: `bytes=${range}` })
        expect(answer.status).toBe(expected ? 206 : 416)
        const got = Buffer.from(await answer.arrayBuffer())
        if (expected) expect(got.equals(expected)).toBe(true)
        if (expected) expect(answer.headers.get('content-range')).toMatch(new RegExp(`^bytes \\d+-\\d+/${content.length}$`))
        else expect(answer.headers.get('content-range')).toBe(`bytes */${content.length}`)
      }),
      { numRuns: 60 },
    ))
  test('what is no part of bytes is answered with all', async () => {
    expect((await ask({ Range: 'pages=1-2' })).status).toBe(200)
    expect((await ask({ Range: 'bytes=0-1,5-6' })).status).toBe(200)
  })
  test('a content that somebody took away is an error, not an empty file', async () => {
    await expect(openFile(files, randomBytes(32))).rejects.toThrow('is not in the store')
  })
})
