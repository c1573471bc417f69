/** The readable documentation: the description rendered by swagger-ui, from files of this server alone. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Thông Suốt</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="docs"><p>The description itself is at <a href="/api/openapi.json">/api/openapi.json</a>; this page shows it with script.</p></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`

/** What docsPage runs; a file of its own because pages carry no inline script. */
export const docsScript = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, withCredentials: true })
`
