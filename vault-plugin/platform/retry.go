package platform

// When a request may be sent again, and after how long.

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	retries    = 3
	firstDelay = 500 * time.Millisecond
	// Longest wait between two attempts that no answer asked for.
	longestDelay = 20 * time.Second
	// A longer wait is not accepted: whoever asked Vault has given up by then.
	longestRetryAfter = 60 * time.Second
	// The login refuses without saying for how long; its limit is per minute. So the three retries span
	// more than a minute. Source: the Genesys Cloud Terraform provider, which waits a minute.
	loginWindow = 60 * time.Second
)

// isTransient says whether a failure may pass by itself; status 0 means that no answer came.
func isTransient(status int) bool {
	return status == 0 || status == 408 || status == 429 || status >= 500 && status != 501
}

// isUncertain says whether the API may have done the work all the same.
func isUncertain(status int) bool { return isTransient(status) && status != 429 }

// isRefusal says whether the API refused the request as one too many, and so did nothing.
func (f *failure) isRefusal() bool { return f.status == 429 || f.isTokenLimit() }

var rateLimitExceeded = regexp.MustCompile("rate limit exceeded")

// isTokenLimit says whether the login refused one request too many: it answers 400.
func (f *failure) isTokenLimit() bool {
	return f.status == 400 && f.code == "invalid_request" && rateLimitExceeded.MatchString(f.description)
}

// delay returns how long to wait before the next attempt, and whether there may be one. A call that
// creates something is repeated only if the API said that it did nothing.
func (f *failure) delay(creates bool, attempt int, random func() float64) (time.Duration, bool) {
	refused := f.isRefusal()
	if attempt > retries || !refused && !isTransient(f.status) || creates && !refused {
		return 0, false
	}
	asked, longest := f.retryAfter, backoff(attempt)
	if f.isTokenLimit() {
		longest = longestDelay
		if asked == 0 {
			asked = loginWindow / 3
		}
	}
	if asked > longestRetryAfter {
		return 0, false
	}
	// Full jitter: calls that failed together must not come back together.
	return asked + time.Duration(random()*float64(longest)), true
}

func backoff(attempt int) time.Duration { return min(longestDelay, firstDelay<<(attempt-1)) }

// retryAfterOf returns how long a Retry-After asks to wait: it has seconds, or a date.
func retryAfterOf(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(header); err == nil {
		return max(0, time.Duration(min(seconds, 1<<30))*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
