// Answers a list of jobs in one process: starting Node and loading the engines costs more
// than a small job. Jobs come as JSON on stdin, answers go as JSON to stdout, in their order:
//   {"task": "jsonld", "path"}                     -> {"nquads"}
//   {"task": "shacl", "engine", "shapes", "data"}  -> {"results": [[focus, path, component, severity]]}
// A job that fails answers {"error": message}; the others still run.
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const SH = 'http://www.w3.org/ns/shacl#'

// Packages are loaded when a job needs them: each takes a moment.
const n3 = async () => (await import('n3')).default

async function readTurtle (path) {
  const { Parser, Store } = await n3()
  return new Store(new Parser({ baseIRI: 'urn:x-base:' }).parse(readFileSync(path, 'utf8')))
}

function noRemote (url) {
  throw new Error(`remote load of <${url}> refused: the context must be inline`)
}

async function jsonldToQuads ({ path }) {
  const { default: jsonld } = await import('jsonld')
  const document = JSON.parse(readFileSync(path, 'utf8'))
  // `safe` makes a dropped property or a relative IRI an error.
  const nquads = await jsonld.toRDF(document, {
    documentLoader: noRemote, format: 'application/n-quads', safe: true
  })
  return { nquads }
}

function focusText (term) {
  if (term.termType === 'NamedNode') return term.value
  if (term.termType === 'BlankNode') return '_:'
  return JSON.stringify(term.value) +
    (term.language ? `@${term.language}` : `^^<${term.datatype.value}>`)
}

// A predicate is its IRI; any other path is written as in SPARQL.
function pathText (dataset, term) {
  if (!term) return ''
  return term.termType === 'NamedNode' ? term.value : pathExpression(dataset, term)
}

function pathExpression (dataset, term) {
  if (term.termType === 'NamedNode') return `<${term.value}>`
  const object = (subject, predicate) => {
    for (const quad of dataset) {
      if (quad.subject.equals(subject) && quad.predicate.value === predicate) return quad.object
    }
    return null
  }
  const list = node => {
    const members = []
    for (; node && node.value !== `${RDF}nil`; node = object(node, `${RDF}rest`)) {
      members.push(pathExpression(dataset, object(node, `${RDF}first`)))
    }
    return members
  }
  if (object(term, `${RDF}first`)) return list(term).join('/')
  const choices = object(term, `${SH}alternativePath`)
  if (choices) return `(${list(choices).join('|')})`
  const inverse = object(term, `${SH}inversePath`)
  if (inverse) return `^${pathExpression(dataset, inverse)}`
  const signs = { zeroOrMorePath: '*', oneOrMorePath: '+', zeroOrOnePath: '?' }
  for (const [name, sign] of Object.entries(signs)) {
    const inner = object(term, SH + name)
    if (inner) return `${pathExpression(dataset, inner)}${sign}`
  }
  throw new Error('a path that is not of SHACL')
}

async function rdfValidateShacl (shapes) {
  const { default: Validator } = await import('rdf-validate-shacl')
  const validator = new Validator(shapes)
  return async data => answerOf(await validator.validate(data))
}

function answerOf (report) {
  return report.results.map(result => [
    focusText(result.focusNode),
    pathText(report.dataset, result.path),
    result.sourceConstraintComponent.value,
    result.severity.value
  ])
}

async function shaclEngine (shapes) {
  const { Validator } = await import('shacl-engine')
  const { DataFactory } = await n3()
  const validator = new Validator(shapes, { factory: DataFactory })
  // The path is read from the shapes graph. A path nested deeper than one step inside a sequence
  // or an alternative is beyond this engine: it finds no value there and says nothing.
  const pathOf = shape =>
    pathText(shapes, shape.ptr.out([DataFactory.namedNode(`${SH}path`)]).term)
  return async data => (await validator.validate({ dataset: data })).results.map(result => [
    focusText(result.focusNode.term),
    pathOf(result.shape),
    result.constraintComponent.value,
    result.severity.value
  ])
}

const engines = { 'rdf-validate-shacl': rdfValidateShacl, 'shacl-engine': shaclEngine }
// What an engine makes of shapes costs more than to validate a figure with it.
const ready = new Map()

async function shacl ({ engine, shapes, data }) {
  const key = `${engine} ${shapes}`
  if (!ready.has(key)) ready.set(key, await engines[engine](await readTurtle(shapes)))
  return { results: await ready.get(key)(await readTurtle(data)) }
}

const tasks = { jsonld: jsonldToQuads, shacl }
const answers = []
for (const job of JSON.parse(await text(process.stdin))) {
  try {
    answers.push(await tasks[job.task](job))
  } catch (error) {
    const cause = error.details?.cause?.message ?? JSON.stringify(error.details ?? '')
    answers.push({ error: `${error.name}: ${error.message} ${cause}` })
  }
}
process.stdout.write(JSON.stringify(answers))
