// Package logs writes one JSON object a line on standard error.
package logs

import (
	"io"
	"log/slog"
	"strings"
)

// New names the keys as the platform's other services do: "level" in lower case, and "message".
func New(output io.Writer) *slog.Logger {
	rename := func(groups []string, attribute slog.Attr) slog.Attr {
		switch {
		case len(groups) > 0:
		case attribute.Key == slog.MessageKey:
			attribute.Key = "message"
		case attribute.Key == slog.LevelKey:
			attribute.Value = slog.StringValue(strings.ToLower(attribute.Value.String()))
		}
		return attribute
	}
	return slog.New(slog.NewJSONHandler(output, &slog.HandlerOptions{ReplaceAttr: rename}))
}
