#include "broker/server/metrics.h"

#include "broker/server/node_services.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>

namespace verdikt::broker::server {

namespace {

constexpr std::int64_t first_bound_us = 16;

class exposition_writer {
  public:
    void family(std::string_view name, std::string_view type, std::string_view meaning) {
        append("# HELP {} {}\n# TYPE {} {}\n", name, meaning, name, type);
    }

    template <typename... Values>
    void append(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    }

    void histogram(std::string_view name, std::string_view label, const latency_histogram& of) {
        std::uint64_t below = 0;
        const std::string_view comma = label.empty() ? "" : ",";
        for (std::size_t bucket = 0; bucket + 1 < latency_histogram::buckets; ++bucket) {
            below += of.in_bucket(bucket);
            append("{}_bucket{{{}{}le=\"{}\"}} {}\n",
                   name,
                   label,
                   comma,
                   latency_histogram::bound(bucket),
                   below);
        }
        append("{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, label, comma, of.count());
        append("{}_sum{{{}}} {}\n{}_count{{{}}} {}\n",
               name,
               label,
               of.sum_seconds(),
               name,
               label,
               of.count());
    }

    void single(std::string_view name,
                std::string_view type,
                std::string_view meaning,
                auto value) {
        family(name, type, meaning);
        append("{} {}\n", name, value);
    }

    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

template <typename Write>
void for_each_used_api(const metrics& measured, Write write) {
    for (std::size_t number = 0; number < metrics::api_count; ++number) {
        const api_metrics& api = measured.by_api[number];
        if (api.latency.count() == 0) continue;
        const auto key = kafka::to_api_key(static_cast<std::int16_t>(number));
        write(fmt::format("api=\"{}\"", key ? kafka::name(*key) : "Unknown"), api);
    }
}

void write_requests(exposition_writer& out, const metrics& measured) {
    out.family("verdikt_request_seconds",
               "histogram",
               "Time from a request's arrival until its answer was ready.");
    for_each_used_api(measured, [&out](const std::string& label, const api_metrics& api) {
        out.histogram("verdikt_request_seconds", label, api.latency);
    });
    out.family("verdikt_request_bytes_total", "counter", "Bytes of requests.");
    for_each_used_api(measured, [&out](const std::string& label, const api_metrics& api) {
        out.append("verdikt_request_bytes_total{{{}}} {}\n", label, api.bytes_in);
    });
    out.family("verdikt_response_bytes_total", "counter", "Bytes of responses.");
    for_each_used_api(measured, [&out](const std::string& label, const api_metrics& api) {
        out.append("verdikt_response_bytes_total{{{}}} {}\n", label, api.bytes_out);
    });
    out.family("verdikt_errors_total", "counter", "Partitions refused, by error code.");
    for (const auto& [code, count] : measured.errors) {
        out.append("verdikt_errors_total{{code=\"{}\"}} {}\n", kafka::name(code), count);
    }
    out.single("verdikt_requests_malformed_total",
               "counter",
               "Connections closed for bytes that are no request.",
               measured.requests_malformed);
}

void write_connections(exposition_writer& out, const metrics& measured) {
    out.single(
        "verdikt_connections", "gauge", "Connections that are open.", measured.connections_open);
    out.single("verdikt_connections_accepted_total",
               "counter",
               "Connections taken.",
               measured.connections_accepted);
    out.single("verdikt_connections_refused_total",
               "counter",
               "Connections closed because there were too many.",
               measured.connections_refused);
    out.single("verdikt_connections_overdue_total",
               "counter",
               "Connections closed because the client was idle or too slow.",
               measured.connections_overdue);
    out.single("verdikt_request_memory_bytes",
               "gauge",
               "Memory that requests take now.",
               measured.request_bytes_used);
    out.single("verdikt_records_produced_total",
               "counter",
               "Records appended for clients.",
               measured.records_produced);
    out.single("verdikt_duplicate_batches_total",
               "counter",
               "Batches that their producers repeated, answered with where the first copy is.",
               measured.duplicate_batches);
    out.single("verdikt_duplicate_batches_of_former_leaders_total",
               "counter",
               "Those of them whose first copy an earlier leader had taken.",
               measured.duplicate_batches_of_former_leaders);
    out.family("verdikt_commit_seconds",
               "histogram",
               "Time from a batch being written until it was committed, for acks=all.");
    out.histogram("verdikt_commit_seconds", "", measured.commit_latency);
}

template <typename Value>
void write_per_partition(exposition_writer& out,
                         const node_services& here,
                         std::string_view name,
                         std::string_view meaning,
                         Value value) {
    out.family(name, "gauge", meaning);
    for (const auto& which : here.partitions.each()) {
        out.append("{}{{topic=\"{}\",partition=\"{}\"}} {}\n",
                   name,
                   which->name().topic,
                   which->name().partition,
                   value(*which));
    }
}

void write_partitions(exposition_writer& out, const node_services& here) {
    using partition = replication::host::hosted_partition;
    write_per_partition(
        out, here, "verdikt_log_bytes", "Size of a partition's log.", [](const partition& of) {
            return of.log().size();
        });
    write_per_partition(
        out, here, "verdikt_log_start_offset", "First offset kept.", [](const partition& of) {
            return of.log().log_start();
        });
    write_per_partition(
        out, here, "verdikt_log_end_offset", "One past the last offset.", [](const partition& of) {
            return of.log().log_end();
        });
    write_per_partition(out,
                        here,
                        "verdikt_log_high_watermark",
                        "End of what consumers see.",
                        [](const partition& of) { return of.log().high_watermark(); });
    write_per_partition(out,
                        here,
                        "verdikt_partition_leads",
                        "1 where this broker leads the partition and serves it.",
                        [](const partition& of) { return of.serving_epoch() ? 1 : 0; });
}

std::size_t under_replicated(const node_services& here) {
    std::size_t count = 0;
    for (const auto& [id, topic] : here.metadata.image().topics()) {
        count += static_cast<std::size_t>(
            std::ranges::count_if(topic.partitions, [&here](const metadata::partition& which) {
                return which.leader == here.node && which.isr.size() < which.replicas.size();
            }));
    }
    return count;
}

template <typename Value>
void write_per_directory(exposition_writer& out,
                         const node_services& here,
                         std::string_view name,
                         std::string_view meaning,
                         Value value) {
    out.family(name, "gauge", meaning);
    for (const storage::log_directory* which : here.directories) {
        out.append("{}{{path=\"{}\"}} {}\n", name, which->path().string(), value(*which));
    }
}

void write_directories(exposition_writer& out, const node_services& here) {
    using directory = storage::log_directory;
    write_per_directory(out,
                        here,
                        "verdikt_log_directory_online",
                        "0 where the directory has failed.",
                        [](const directory& of) { return of.online() ? 1 : 0; });
    write_per_directory(out,
                        here,
                        "verdikt_log_directory_stalled",
                        "1 where the disk has not answered for longer than disk.stall.timeout.ms.",
                        [](const directory& of) { return of.stalled() ? 1 : 0; });
    write_per_directory(out,
                        here,
                        "verdikt_log_directory_below_reserve",
                        "1 where clients' records are refused for want of space.",
                        [](const directory& of) { return of.below_reserve() ? 1 : 0; });
}

void write_cluster(exposition_writer& out, const node_services& here) {
    out.family("verdikt_under_replicated_partitions",
               "gauge",
               "Partitions led here with a replica that is not in sync.");
    out.append("verdikt_under_replicated_partitions {}\n", under_replicated(here));
    out.family("verdikt_active_controller", "gauge", "1 where this node decides for the cluster.");
    out.append("verdikt_active_controller {}\n", here.metadata.is_active() ? 1 : 0);
    out.family("verdikt_metadata_offset", "gauge", "One past the last metadata record applied.");
    out.append("verdikt_metadata_offset {}\n", here.quorum.applied());
}

}  // namespace

void latency_histogram::record(runtime::duration took) {
    const std::int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    std::size_t bucket = 0;
    for (std::int64_t limit = first_bound_us; bucket + 1 < buckets && us > limit; limit *= 4) {
        ++bucket;
    }
    ++counts_[bucket];
    ++count_;
    sum_ += took;
}

double latency_histogram::bound(std::size_t bucket) {
    return static_cast<double>(first_bound_us << (2 * bucket)) / 1e6;
}

double latency_histogram::sum_seconds() const {
    return std::chrono::duration<double>(sum_).count();
}

std::string exposition(const node_services& here) {
    exposition_writer out;
    write_requests(out, here.measured);
    write_connections(out, here.measured);
    write_partitions(out, here);
    write_cluster(out, here);
    write_directories(out, here);
    return out.take();
}

}  // namespace verdikt::broker::server
