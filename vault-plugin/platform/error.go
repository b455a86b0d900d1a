package platform

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a call that failed for good. It never contains the content of the request.
type Error struct {
	// Call is the method and the path, for example "GET /api/v2/oauth/clients".
	Call string
	// Status is the HTTP status; 0 if no answer came.
	Status int
	// Code is the API's own code, for example "too.many.requests.retry.after".
	Code string
	// Message is what the API said.
	Message string
	// CorrelationID is what Genesys' support asks for.
	CorrelationID string
	// Attempts is the number of requests that were sent.
	Attempts int
	// Uncertain says that the API may have done the work: no answer came, or one that does not say.
	Uncertain bool
}

func (e *Error) Error() string {
	var words []string
	if e.Status != 0 {
		words = append(words, fmt.Sprintf("HTTP %d", e.Status))
	}
	for _, word := range []string{e.Code, e.Message} {
		if word != "" {
			words = append(words, word)
		}
	}
	var details []string
	if e.Attempts > 1 {
		details = append(details, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.CorrelationID != "" {
		details = append(details, "correlation id "+e.CorrelationID)
	}
	text := e.Call + ": " + strings.Join(words, " ")
	if len(details) > 0 {
		text += " (" + strings.Join(details, ", ") + ")"
	}
	return text
}

// IsNotFound says whether an object does not exist, or no longer.
func IsNotFound(err error) bool { return hasStatus(err, 404, 410) }

// IsUnauthorized says whether the API refused the token.
func IsUnauthorized(err error) bool { return hasStatus(err, 401) }

// IsRefusedRequest says whether the API refused what was asked, such as a role that cannot be granted.
func IsRefusedRequest(err error) bool { return hasStatus(err, 400, 403) }

// IsUnknownClient says whether the login or the API does not know the client, or its secret is wrong.
func IsUnknownClient(err error) bool {
	var failed *Error
	return IsUnauthorized(err) ||
		errors.As(err, &failed) && failed.Status == 400 && failed.Code == "invalid_client"
}

// IsUncertain says whether the API may have done the work although the call failed.
func IsUncertain(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Uncertain
}

func hasStatus(err error, statuses ...int) bool {
	var failed *Error
	if !errors.As(err, &failed) {
		return false
	}
	for _, status := range statuses {
		if failed.Status == status {
			return true
		}
	}
	return false
}
