package platform

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// How long one request may take.
const requestTimeout = 15 * time.Second

// No answer is as long as this.
const longestAnswer = 32 << 20

// Sender sends calls: no more than the limiter allows, again where that can help, and none while the API
// fails.
type Sender struct {
	// HTTP sends the requests. Redirects are never followed: their target would get the credential.
	HTTP    http.RoundTripper
	Clock   Clock
	Limiter *Limiter
	Breaker *Breaker
	// Random returns a number, at least 0 and less than 1; nil means a good one.
	Random func() float64
}

// call is one call of the API or of its login.
type call struct {
	method string
	url    string
	// name is what messages say: never more than method and path.
	name          string
	authorization string
	contentType   string
	body          []byte
	// creates says that two requests would create two objects.
	creates bool
}

type failure struct {
	status        int
	code          string
	message       string
	correlationID string
	// The login's words, which are never printed: they may repeat the request.
	description string
	retryAfter  time.Duration
}

// send sends a call, repeats it where that can help, and reads the answer into result.
func (s *Sender) send(ctx context.Context, c call, result any) error {
	random := s.Random
	if random == nil {
		random = rand.Float64
	}
	var failed *failure
	uncertain := false
	for attempt := 1; ; attempt++ {
		end, err := s.admit(ctx)
		if err != nil {
			// An earlier failure says more.
			if failed == nil {
				failed = &failure{message: err.Error()}
			}
			return failed.of(c, attempt-1, uncertain)
		}
		failed = s.attempt(ctx, c, result)
		end(failed.outcome(ctx))
		if failed == nil {
			return nil
		}
		uncertain = uncertain || isUncertain(failed.status)
		wait, again := failed.delay(c.creates, attempt, random)
		if again && failed.isRefusal() {
			s.Limiter.Pause(failed.retryAfter)
		}
		if again && s.Clock.Sleep(ctx, wait) == nil {
			continue
		}
		return failed.of(c, attempt, uncertain)
	}
}

// admit waits until a request may be sent. The returned function says how it ended.
func (s *Sender) admit(ctx context.Context) (end func(outcome), err error) {
	// Also before the queue, in which nobody shall wait for nothing.
	if err := s.Breaker.check(); err != nil {
		return nil, err
	}
	if err := s.Limiter.Take(ctx); err != nil {
		return nil, err
	}
	return s.Breaker.begin()
}

// of returns the failure as the error of a call.
func (f *failure) of(c call, attempts int, uncertain bool) *Error {
	return &Error{
		Call: c.name, Status: f.status, Code: f.code, Message: f.message,
		CorrelationID: f.correlationID, Attempts: attempts, Uncertain: uncertain,
	}
}

// outcome returns what a request says about the API; no failure is nil. A 429 says itself how long to
// wait, and a request that was cancelled says nothing.
func (f *failure) outcome(ctx context.Context) outcome {
	switch {
	case f == nil || !isUncertain(f.status):
		return worked
	case ctx.Err() != nil:
		return unknown
	}
	return broken
}

// attempt sends one request.
func (s *Sender) attempt(ctx context.Context, c call, result any) *failure {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return &failure{status: 501, message: "the address is not valid"}
	}
	request.Header.Set("Authorization", c.authorization)
	request.Header.Set("Accept", "application/json")
	if c.contentType != "" {
		request.Header.Set("Content-Type", c.contentType)
	}
	// A request that creates must not be sent again by the transport either.
	if c.creates {
		request.GetBody = nil
	}
	response, err := s.HTTP.RoundTrip(request)
	if err != nil {
		return &failure{message: "no answer (" + reasonOf(err) + ")"}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return &failure{message: "the answer broke off (" + reasonOf(err) + ")"}
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		if result == nil || json.Unmarshal(body, result) == nil {
			return nil
		}
		return &failure{status: 502, message: "the answer is not JSON"}
	}
	return c.failureOf(response, body, s.Clock.Now())
}

func (c call) failureOf(response *http.Response, body []byte, now time.Time) *failure {
	var said struct {
		Code        string `json:"code"`
		Message     string `json:"message"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(body, &said)
	failed := &failure{
		status:        response.StatusCode,
		code:          c.withoutEcho(said.Code),
		message:       c.withoutEcho(said.Message),
		description:   said.Description,
		correlationID: response.Header.Get("ININ-Correlation-Id"),
		retryAfter:    retryAfterOf(response.Header.Get("Retry-After"), now),
	}
	if said.Code == "" {
		failed.code = c.withoutEcho(said.Error)
	}
	if response.StatusCode/100 == 3 {
		failed.message = "redirects are not followed"
	}
	return failed
}

// withoutEcho returns what a server said, unless it repeats the credential that it was sent.
func (c call) withoutEcho(said string) string {
	_, sent, _ := strings.Cut(c.authorization, " ")
	parts := []string{sent}
	if decoded, err := base64.StdEncoding.DecodeString(sent); err == nil {
		parts = append(parts, strings.SplitN(string(decoded), ":", 2)...)
	}
	for _, part := range parts {
		if len(part) >= 8 && strings.Contains(said, part) {
			return "(not shown, since it repeats the credential)"
		}
	}
	return said
}

// reasonOf returns the kind of a network error, never its text, which may contain the address.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed"
	}
	var inner error = err
	for next := errors.Unwrap(inner); next != nil; next = errors.Unwrap(inner) {
		inner = next
	}
	return fmt.Sprintf("%T", inner)
}
