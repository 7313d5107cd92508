// The query page: YASGUI over /sparql, started with one of the shipped questions, completed
// from the vocabulary of this release. It keeps what was typed in this browser's storage and
// asks no other host.

const place = document.getElementById("yasgui");
const data = JSON.parse(document.getElementById("query-data").textContent);
const questions = new Map(data.questions.map((question) => [question.name, question]));
const endpoint = new URL(place.dataset.endpoint, window.location.href).href;

function completer(name, terms, isValid) {
  return {
    name,
    bulk: true,
    autoShow: false,
    get: () => Promise.resolve(terms.map((term) => term.iri)),
    isValidCompletionPosition: isValid,
    preProcessToken: (yasqe, token) => window.Yasqe.Autocompleters[name].preProcessToken(yasqe, token),
    postProcessSuggestion: (yasqe, token, iri) =>
      window.Yasqe.Autocompleters[name].postProcessSuggestion(yasqe, token, iri),
  };
}
