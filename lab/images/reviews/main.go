// A stand-in of the reviews service of Istio's Bookinfo sample: the same addresses, settings and answers as the original
// (samples/bookinfo/src/reviews), without its Java application server.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type rating struct {
	Stars int    `json:"stars,omitempty"`
	Color string `json:"color,omitempty"`
	Error string `json:"error,omitempty"`
}

type review struct {
	Reviewer string  `json:"reviewer"`
	Text     string  `json:"text"`
	Rating   *rating `json:"rating,omitempty"`
}

type answer struct {
	ID          string   `json:"id"`
	PodName     string   `json:"podname"`
	ClusterName string   `json:"clustername"`
	Reviews     []review `json:"reviews"`
}

var texts = []review{
	{Reviewer: "Reviewer1", Text: "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!"},
	{Reviewer: "Reviewer2", Text: "Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare."},
}

// Headers that the original hands on to ratings, so that traces and identities of end users stay whole.
var handedOn = []string{
	"x-request-id", "x-ot-span-context", "x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority",
	"traceparent", "tracestate", "x-cloud-trace-context", "grpc-trace-bin", "x-b3-traceid", "x-b3-spanid",
	"x-b3-parentspanid", "x-b3-sampled", "x-b3-flags", "sw8", "end-user", "user-agent", "cookie", "authorization", "jwt",
}

func setting(name, fallback string) string {
	return cmp.Or(os.Getenv(name), fallback)
}

func main() {
	ratings, _ := strconv.ParseBool(os.Getenv("ENABLE_RATINGS"))
	color := setting("STAR_COLOR", "black")

	http.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"status": "Reviews is healthy"}`)
	})
	http.HandleFunc("GET /reviews/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		reviews := append([]review(nil), texts...)
		if ratings {
			stars := starsOf(id, color, r)
			for i := range reviews {
				reviews[i].Rating = ratingOf(stars[reviews[i].Reviewer], color)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		// The original says "null" too where it was not told its cluster.
		json.NewEncoder(w).Encode(answer{strconv.Itoa(id), os.Getenv("HOSTNAME"), setting("CLUSTER_NAME", "null"), reviews})
	})
	serve()
}

func ratingOf(stars int, color string) *rating {
	if stars == 0 {
		return &rating{Error: "Ratings service is currently unavailable"}
	}
	return &rating{Stars: stars, Color: color}
}

// starsOf asks the ratings service; whatever goes wrong there, reviews answers without stars.
func starsOf(id int, color string, from *http.Request) map[string]int {
	timeout := 2500 * time.Millisecond
	if color == "black" {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(from.Context(), timeout)
	defer cancel()
	host := setting("RATINGS_HOSTNAME", "ratings")
	if domain := os.Getenv("SERVICES_DOMAIN"); domain != "" {
		host += "." + domain
	}
	url := fmt.Sprintf("http://%s/ratings/%d", net.JoinHostPort(host, setting("RATINGS_SERVICE_PORT", "9080")), id)
	var body struct{ Ratings map[string]int }
	if err := getJSON(ctx, url, from.Header, &body); err != nil {
		log.Printf("Error: unable to contact %s: %v", url, strings.ReplaceAll(err.Error(), "\n", " "))
		return nil
	}
	return body.Ratings
}

func getJSON(ctx context.Context, url string, headers http.Header, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	for _, name := range handedOn {
		if value := headers.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("got status %d", response.StatusCode)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// serve ends with SIGTERM: requests under way are answered, idle connections are closed at once.
func serve() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server := &http.Server{Addr: ":" + setting("PORT", "9080"), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()
	log.Printf("reviews %s listens on %s", setting("SERVICE_VERSION", "v1"), server.Addr)
	<-ctx.Done()
	server.Shutdown(context.Background())
}
