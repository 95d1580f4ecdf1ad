// Package health answers the platform's question whether the consumer is alive.
package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/bridge/internal/metrics"
)

// Serve answers GET /healthz on the port until the context ends; port 0 opens none.
func Serve(ctx context.Context, port int, isAlive func() bool) error {
	if port == 0 {
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(answer http.ResponseWriter, _ *http.Request) { write(answer, isAlive()) })
	server := &http.Server{Addr: fmt.Sprintf(":%d", port), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("health port: %w", err)
	}
	return nil
}

func write(answer http.ResponseWriter, isAlive bool) {
	status, code := "ok", http.StatusOK
	if !isAlive {
		status, code = "stalled", http.StatusServiceUnavailable
	}
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(code)
	body := map[string]any{"status": status, "counts": json.RawMessage(metrics.JSON())}
	_ = json.NewEncoder(answer).Encode(body) // the asker has gone: nobody is left to tell
}
