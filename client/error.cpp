#include "client/error.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::client {

namespace {

remedy remedy_for(kafka::error_code code) {
    switch (kafka::classify(code)) {
        case kafka::error_class::success:
        case kafka::error_class::transient:
        case kafka::error_class::stale_metadata:
        case kafka::error_class::stale_coordinator:
            return remedy::retry;
        case kafka::error_class::group_fenced:
        case kafka::error_class::producer_fenced:
            return remedy::rejoin;
        case kafka::error_class::abortable:
            return remedy::abort;
        case kafka::error_class::permanent:
            return remedy::give_up;
    }
    CHECK(false, "an error class of value {}", static_cast<int>(kafka::classify(code)));
    return remedy::give_up;
}

}  // namespace

remedy error::what_to_do() const {
    switch (reason) {
        case errc::refused_by_broker:
            return remedy_for(code);
        case errc::timed_out:
        case errc::disconnected:
        case errc::buffer_exhausted:
            return remedy::retry;
        case errc::must_abort:
            return remedy::abort;
        case errc::unsupported_version:
        case errc::malformed_answer:
        case errc::corrupt_records:
        case errc::too_large:
        case errc::no_position:
        case errc::log_truncated:
        case errc::invalid_argument:
        case errc::not_acknowledged:
        case errc::closed:
            return remedy::give_up;
    }
    CHECK(false, "an error of reason {}", static_cast<int>(reason));
    return remedy::give_up;
}

std::string error::message() const {
    std::string text = reason == errc::refused_by_broker
                           ? fmt::format("{} ({})", kafka::describe(code), kafka::name(code))
                           : std::string(describe(reason));
    if (!detail.empty()) text += ": " + detail;
    return text;
}

std::string_view describe(errc reason) {
    switch (reason) {
        case errc::refused_by_broker:
            return "refused by the broker";
        case errc::timed_out:
            return "timed out";
        case errc::disconnected:
            return "disconnected";
        case errc::unsupported_version:
            return "the broker lacks a version of the request that we speak";
        case errc::malformed_answer:
            return "the answer makes no sense";
        case errc::corrupt_records:
            return "corrupt records";
        case errc::buffer_exhausted:
            return "no room in the buffer";
        case errc::too_large:
            return "the record is too large";
        case errc::no_position:
            return "no valid position, and auto.offset.reset is none";
        case errc::log_truncated:
            return "the log was truncated below the position";
        case errc::invalid_argument:
            return "invalid argument";
        case errc::not_acknowledged:
            return "no acknowledgement was asked for (acks=0)";
        case errc::must_abort:
            return "the transaction has to be aborted";
        case errc::closed:
            return "closed";
    }
    CHECK(false, "an error of reason {}", static_cast<int>(reason));
    return {};
}

error refused(kafka::error_code code, std::string detail) {
    return {.reason = errc::refused_by_broker, .code = code, .detail = std::move(detail)};
}

std::unexpected<error> failure(errc reason, std::string detail) {
    return std::unexpected(error{.reason = reason, .detail = std::move(detail)});
}

std::unexpected<error> failure(kafka::error_code code, std::string detail) {
    return std::unexpected(refused(code, std::move(detail)));
}

}  // namespace verdikt::client
