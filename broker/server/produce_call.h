/// Produce: one request from its first check to its last partition's answer.
///
/// Unlike every other request, several of one connection overlap: while the first waits for its
/// sync, the next are written, and one sync serves them all. Appends are issued in the order of the
/// requests, which idempotent producers rely on; the answers' order is the connection's business.
///
/// Shared between the connection, which wants the answer, and one coroutine a partition. The
/// request's bytes are given back as soon as all appends have returned.
#pragma once

#include "broker/server/api_table.h"
#include "broker/server/node_services.h"
#include "broker/server/request_context.h"
#include "broker/server/request_memory.h"
#include "kafka/messages/frame.h"
#include "kafka/messages/produce.h"
#include "runtime/scope.h"

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>

namespace verdikt::broker::server {

class produce_call : public std::enable_shared_from_this<produce_call> {
  public:
    /// Why the request cannot be answered, if so. `body` lies in `bytes`.
    [[nodiscard]] static std::expected<std::shared_ptr<produce_call>, unanswerable> decode(
        node_services& here,
        request_context asked,
        request_buffer bytes,
        kafka::buffer_reader body);

    /// Checks every partition and starts the appends in `tasks`. `answered` is called once, when
    /// the answer is complete, at the earliest before this returns. Requires: called once.
    void begin(runtime::scope& tasks, std::function<void()> answered);

    /// False for acks=0: there is no answer, but a failure closes the connection.
    [[nodiscard]] bool wants_answer() const { return request_.acks != 0; }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] const request_context& asked() const { return asked_; }
    /// When the client no longer waits.
    [[nodiscard]] runtime::instant deadline() const;
    /// Answers now; what is not committed yet gets the error. The appends go on.
    void give_up(kafka::error_code why);

    /// Requires: answered.
    [[nodiscard]] kafka::messages::encode_result encode(kafka::messages::encoded& out) const {
        return kafka::messages::encode_response_frame(
            asked_.correlation_id, response_, asked_.version, out);
    }

  private:
    using partition_data = kafka::messages::produce_request::partition_produce_data;
    using partition_answer = kafka::messages::produce_response::partition_produce_response;
    struct append_job;

    produce_call(node_services& here, request_context asked, request_buffer bytes)
        : here_(here), asked_(std::move(asked)), bytes_(std::move(bytes)) {}

    [[nodiscard]] std::optional<append_job> check(const std::string& topic_name,
                                                  const partition_data& data,
                                                  partition_answer& answer);
    void begin_partition(runtime::scope& tasks,
                         const std::string& topic_name,
                         const partition_data& data,
                         partition_answer& answer);
    static runtime::awaitable<void> carry_out(std::shared_ptr<produce_call> call, append_job job);
    runtime::awaitable<std::expected<replication::host::appended, kafka::error_code>> append(
        append_job& job);
    runtime::awaitable<std::expected<replication::host::appended, kafka::error_code>>
    append_in_transaction(append_job& job);
    void count(const replication::host::appended& what, const append_job& job);
    void refuse(partition_answer& answer, kafka::error_code code, std::string message = {});
    void finish_partition();

    node_services& here_;
    request_context asked_;
    request_buffer bytes_;
    kafka::messages::produce_request request_;
    kafka::messages::produce_response response_;
    std::function<void()> answered_;
    std::size_t appending_ = 0;
    std::size_t unanswered_ = 0;
    bool failed_ = false;
    bool is_answered_ = false;
};

}  // namespace verdikt::broker::server
