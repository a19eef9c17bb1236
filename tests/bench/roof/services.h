/// What the bare server does to a request beyond reading it.
#pragma once

#include "growing_file.h"
#include "requests.h"

#include <cstddef>
#include <string>
#include <vector>

namespace verdikt::bench {

class service {
  public:
    virtual ~service() = default;
    virtual void take(bytes request) = 0;
    /// Answers `count` requests, all that were taken since.
    virtual void answer(int socket, std::size_t count) = 0;
};

class receiver : public service {
  public:
    void take(bytes request) override;
    void answer(int socket, std::size_t count) override;

  private:
    frame one_ = produce_answer();
    frame answers_;
};

class appender : public receiver {
  public:
    appender(std::string path, bool syncs) : log_(std::move(path)), syncs_(syncs) {}

    void take(bytes request) override;
    void answer(int socket, std::size_t count) override;

  protected:
    void sync_if_wanted();

  private:
    growing_file log_;
    bool syncs_;
};

/// A partition of three replicas: the requests go to two appenders as well, at once, and are
/// answered when both have.
class leader final : public appender {
  public:
    leader(std::string path, bool syncs, const std::vector<std::string>& follower_ports);

    void take(bytes request) override;
    void answer(int socket, std::size_t count) override;

  private:
    std::vector<int> followers_;
    frame answers_;
};

class sender final : public service {
  public:
    sender(const std::string& path, std::size_t slice);

    void take(bytes request) override;
    void answer(int socket, std::size_t count) override;

  private:
    void send_slice(int socket);

    int file_;
    std::size_t slice_;
    std::size_t size_ = 0;
    std::size_t position_ = 0;
    frame head_;
};

}  // namespace verdikt::bench
