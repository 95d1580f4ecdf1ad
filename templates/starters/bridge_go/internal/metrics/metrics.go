// Package metrics is the one place to point at your metrics library.
package metrics

import "expvar"

// What is counted.
const (
	Received     = "received"
	Handled      = "handled"
	Retried      = "retried"
	DeadLettered = "dead_lettered"
	Sent         = "sent"
)

var counts = new(expvar.Map).Init()

// Count is called by the producer and the consumer. Add a call of your library here; /healthz shows what is kept now.
func Count(name string, amount int) {
	counts.Add(name, int64(amount))
}

// JSON is every count so far, as one object.
func JSON() []byte {
	return []byte(counts.String())
}
