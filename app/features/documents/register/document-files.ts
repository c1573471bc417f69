/** What the file chooser offers for a document; the server looks into what comes. */
export const documentFiles = '.pdf,.docx,.xlsx,.pptx,.odt,.txt,.jpg,.jpeg,.png'
