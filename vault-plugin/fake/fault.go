package fake

import (
	"errors"
	"net/http"
	"net/http/httptest"
)

// Fault is what goes wrong with a request.
type Fault int

// The faults.
const (
	// None lets the request through.
	None Fault = iota
	// NotReached loses the request before the organisation has it.
	NotReached
	// AnswerLost does the work, and loses the answer.
	AnswerLost
	// Unavailable answers 503 without doing anything.
	Unavailable
	// TooMany answers 429 with Retry-After.
	TooMany
)

var errNoAnswer = errors.New("no answer")

// Transport brings requests to an organisation without a network. It takes those of any host.
type Transport struct{ Org *Org }

// RoundTrip sends a request.
func (t Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	fault := None
	if t.Org.Fault != nil {
		fault = t.Org.Fault(t.Org.describe(request))
	}
	if fault == NotReached {
		return nil, errNoAnswer
	}
	recorder := httptest.NewRecorder()
	switch fault {
	case Unavailable:
		problem(recorder, 503, "service.unavailable", "The service is temporarily unavailable")
	case TooMany:
		tooMany(recorder)
	default:
		t.Org.ServeHTTP(recorder, request)
	}
	if fault == AnswerLost {
		return nil, errNoAnswer
	}
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}
