#include "broker/server/produce_call.h"

#include "broker/coordinator/transactions/transaction_errors.h"
#include "broker/metadata/topic_names.h"
#include "broker/server/node_transactions.h"
#include "kafka/messages/decode.h"
#include "kafka/records/validation.h"

#include <algorithm>
#include <chrono>

namespace verdikt::broker::server {

namespace records = kafka::records;
namespace messages = kafka::messages;
namespace hosted = replication::host;
using kafka::error_code;

/// What one partition's coroutine works on. `answer` belongs to the call.
struct produce_call::append_job {
    replication::host::partition_ptr partition;
    partition_answer* answer = nullptr;
    runtime::mutable_bytes batch;
    records::byte_buffer recompressed;  ///< Holds `batch` if the topic has a codec of its own.
    /// Set for a batch of a transaction.
    std::optional<records::batch_header> transaction = {};
    std::int32_t record_count = 0;
    bool log_append_time = false;
    std::int64_t append_time_ms = -1;
};

namespace {

records::produce_rules rules_of(const topic_settings& settings,
                                std::int16_t version,
                                kafka::timestamp now) {
    return {.produce_version = version,
            .message_bytes_max = static_cast<std::size_t>(settings.log.max_message_bytes),
            .keys_required = settings.log.cleanup_compact,
            .timestamps = settings.log_append_time ? records::timestamp_type::log_append_time
                                                   : records::timestamp_type::create_time,
            .now = now,
            .timestamp_before_ms_max = settings.timestamp_before_max.count(),
            .timestamp_after_ms_max = settings.timestamp_after_max.count(),
            .compression_codec = settings.stored_compression};
}

/// Until the append has an outcome of its own, this is what an expired request says.
constexpr error_code unanswered = error_code::request_timed_out;

/// From here on a batch itself adds its partition to the transaction (KIP-890 part 2).
constexpr std::int16_t first_that_adds = 12;

/// Why a batch of a transaction was not taken, as that version of Produce can say it.
error_code transaction_refusal(std::int16_t version, error_code why) {
    switch (why) {
        // What passes by itself. Older clients would not retry most of these, and of a partition
        // none of them looks for another coordinator; this one every client retries.
        case error_code::concurrent_transactions:
        case error_code::coordinator_load_in_progress:
        case error_code::coordinator_not_available:
        case error_code::not_coordinator:
        case error_code::network_exception:
        case error_code::request_timed_out:
            return error_code::not_enough_replicas;
        case error_code::producer_fenced:
            return error_code::invalid_producer_epoch;
        default:
            return coordinator::transactions::spoken_error(kafka::api_key::produce, version, why);
    }
}

}  // namespace

std::expected<std::shared_ptr<produce_call>, unanswerable> produce_call::decode(
    node_services& here, request_context asked, request_buffer bytes, kafka::buffer_reader body) {
    const std::int16_t version = asked.version;
    std::shared_ptr<produce_call> call(new produce_call(here, std::move(asked), std::move(bytes)));
    auto request = messages::decode<messages::produce_request>(body, version);
    if (!request) {
        return std::unexpected(unanswerable{fmt::format("ProduceRequest v{}: {} ({})",
                                                        version,
                                                        kafka::describe(request.error().what),
                                                        request.error().where)});
    }
    call->request_ = std::move(*request);
    return call;
}

runtime::instant produce_call::deadline() const {
    return asked_.arrived + std::chrono::milliseconds(std::max(request_.timeout_ms, 0));
}

void produce_call::begin(runtime::scope& tasks, std::function<void()> answered) {
    answered_ = std::move(answered);
    response_.responses.resize(request_.topic_data.size());
    // Counts itself until the end, so that no early answer completes the call half begun.
    unanswered_ = 1;
    appending_ = 1;
    for (std::size_t at = 0; at < request_.topic_data.size(); ++at) {
        const auto& asked_topic = request_.topic_data[at];
        auto& answer_topic = response_.responses[at];
        answer_topic.name = asked_topic.name;
        answer_topic.partition_responses.resize(asked_topic.partition_data.size());
        for (std::size_t index = 0; index < asked_topic.partition_data.size(); ++index) {
            begin_partition(tasks,
                            asked_topic.name,
                            asked_topic.partition_data[index],
                            answer_topic.partition_responses[index]);
        }
    }
    if (--appending_ == 0) bytes_ = {};
    finish_partition();
}

void produce_call::begin_partition(runtime::scope& tasks,
                                   const std::string& topic_name,
                                   const partition_data& data,
                                   partition_answer& answer) {
    answer.index = data.index;
    answer.base_offset = -1;
    auto job = check(topic_name, data, answer);
    if (!job) return;
    answer.error_code = kafka::to_wire(unanswered);
    ++appending_;
    ++unanswered_;
    tasks.spawn(carry_out(shared_from_this(), std::move(*job)));
}

std::optional<produce_call::append_job> produce_call::check(const std::string& topic_name,
                                                            const partition_data& data,
                                                            partition_answer& answer) {
    const auto refuse_with = [&](error_code code, std::string message = {}) {
        refuse(answer, code, std::move(message));
        return std::nullopt;
    };
    if (request_.acks < -1 || request_.acks > 1) {
        return refuse_with(error_code::invalid_required_acks);
    }
    const kafka::topic_partition name{topic_name, kafka::partition_index(data.index)};
    const std::shared_ptr<const topic> which = here_.topics.find(topic_name);
    auto partition = here_.partitions.find(name);
    if (which == nullptr || partition == nullptr)
        return refuse_with(here_.partitions.why_absent(name));
    if (metadata::is_internal_topic(topic_name))
        return refuse_with(error_code::invalid_topic_exception);
    const topic_settings& settings = which->settings;
    if (!data.records) return refuse_with(error_code::invalid_record, "no records");

    const kafka::timestamp now(here_.world.wall_time().time_since_epoch().count());
    const auto rules = rules_of(settings, asked_.version, now);
    auto& codecs = records::compression::of_this_thread();
    const auto accepted =
        records::validate_produce_batch(data.records->bytes(), rules, codecs, here_.scratch);
    if (!accepted) {
        for (const records::record_error& error : accepted.error().record_errors) {
            answer.record_errors.push_back({error.batch_index, error.message});
        }
        return refuse_with(accepted.error().code, accepted.error().message);
    }
    const bool transactional = accepted->header.attributes.is_transactional();
    if (transactional && !request_.transactional_id) {
        return refuse_with(error_code::invalid_txn_state, "no transactional id");
    }
    append_job job{.partition = std::move(partition),
                   .answer = &answer,
                   .batch = bytes_.writable(data.records->bytes()),
                   .transaction = transactional ? std::optional(accepted->header) : std::nullopt,
                   .record_count = accepted->header.record_count,
                   .log_append_time = settings.log_append_time,
                   .append_time_ms = now.value()};
    if (accepted->recompress_to) {
        const auto done = records::recompress(
            data.records->bytes(), *accepted, rules, codecs, here_.scratch, job.recompressed);
        if (!done) return refuse_with(done.error().code, done.error().message);
        job.batch = job.recompressed.bytes();
    }
    records::prepare_for_append(job.batch, *accepted, {kafka::offset(0), kafka::no_leader_epoch});
    return job;
}

runtime::awaitable<std::expected<hosted::appended, error_code>> produce_call::append(
    append_job& job) {
    if (job.transaction) co_return co_await append_in_transaction(job);
    co_return co_await job.partition->append(
        {.batch = job.batch, .acks = static_cast<replication::required_acks>(request_.acks)});
}

runtime::awaitable<std::expected<hosted::appended, error_code>> produce_call::append_in_transaction(
    append_job& job) {
    const records::batch_header& header = *job.transaction;
    const auto held = job.partition->begin_verification(header);
    const auto refused = [&](error_code why) {
        return std::unexpected(transaction_refusal(asked_.version, why));
    };
    if (held) {
        const error_code answer = co_await here_.transactions.verifier().verify(
            {.transactional_id = *request_.transactional_id,
             .producer = header.producer_id,
             .epoch = header.producer_epoch,
             .add = asked_.version >= first_that_adds},
            job.partition->name());
        if (answer != error_code::none) co_return refused(answer);
    }
    const auto appended = co_await job.partition->append(
        {.batch = job.batch,
         .acks = static_cast<replication::required_acks>(request_.acks),
         .verified = held});
    if (!appended) co_return refused(appended.error());
    co_return *appended;
}

runtime::awaitable<void> produce_call::carry_out(std::shared_ptr<produce_call> call,
                                                 append_job job) {
    const auto appended = co_await call->append(job);
    if (--call->appending_ == 0) call->bytes_ = {};
    if (!appended) {
        call->refuse(*job.answer, appended.error());
        call->finish_partition();
        co_return;
    }
    call->count(*appended, job);
    if (call->request_.acks == -1) {
        const runtime::instant written = call->here_.world.now();
        const auto committed =
            co_await job.partition->wait_committed(appended->to_commit(), call->deadline());
        if (!committed) {
            call->refuse(*job.answer, committed.error());
            call->finish_partition();
            co_return;
        }
        call->here_.measured.commit_latency.record(call->here_.world.now() - written);
    }
    if (!call->is_answered_) {
        job.answer->error_code = kafka::to_wire(error_code::none);
        job.answer->base_offset = appended->base_offset.value();
        job.answer->log_append_time_ms = job.log_append_time ? job.append_time_ms : -1;
        job.answer->log_start_offset = appended->log_start.value();
    }
    call->finish_partition();
}

void produce_call::count(const hosted::appended& what, const append_job& job) {
    metrics& measured = here_.measured;
    if (!what.duplicate) {
        measured.records_produced += static_cast<std::uint64_t>(job.record_count);
        return;
    }
    ++measured.duplicate_batches;
    const auto* const leading = job.partition->replica().leading();
    if (leading != nullptr && what.base_offset < leading->epoch_start())
        ++measured.duplicate_batches_of_former_leaders;
}

void produce_call::refuse(partition_answer& answer, error_code code, std::string message) {
    failed_ = true;
    here_.measured.count_error(code);
    if (is_answered_) return;
    answer.error_code = kafka::to_wire(code);
    answer.base_offset = -1;
    if (!message.empty()) answer.error_message = std::move(message);
}

void produce_call::finish_partition() {
    if (--unanswered_ > 0 || is_answered_) return;
    is_answered_ = true;
    answered_();
}

void produce_call::give_up(error_code why) {
    if (is_answered_) return;
    for (auto& topic : response_.responses) {
        for (partition_answer& each : topic.partition_responses) {
            if (each.error_code == kafka::to_wire(unanswered))
                each.error_code = kafka::to_wire(why);
        }
    }
    is_answered_ = true;
    failed_ = true;
    here_.measured.count_error(why);
    answered_();
}

}  // namespace verdikt::broker::server
