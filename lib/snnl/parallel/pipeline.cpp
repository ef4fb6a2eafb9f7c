#include "snnl/parallel/pipeline.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <limits>
#include <mutex>
#include <numeric>
#include <vector>

#include "snnl/parallel/threads.hpp"

namespace snnl::parallel {
namespace {

class Pipeline {
 public:
  Pipeline(std::size_t slots, const std::function<bool(std::size_t)>& fill,
           const std::function<void(std::size_t, std::size_t)>& work)
      : fill_(fill), work_(work), free_(slots) {
    std::iota(free_.begin(), free_.end(), std::size_t{0});
  }

  void hand_out() {
    std::unique_lock lock(mutex_);
    while (!closed_) {
      if (!free_.empty()) {
        fill_one(lock);
      } else if (!ready_.empty()) {
        work_one(lock, 0);
      } else {
        changed_.wait(lock, [&] { return closed_ || !free_.empty(); });
      }
    }
    while (!ready_.empty()) work_one(lock, 0);
  }

  void help(std::size_t worker) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return closed_ || !ready_.empty(); });
      if (ready_.empty()) return;
      work_one(lock, worker);
    }
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Filled {
    std::size_t slot;
    std::size_t number;
  };

  void fill_one(std::unique_lock<std::mutex>& lock) {
    const std::size_t slot = free_.back();
    free_.pop_back();
    lock.unlock();
    bool more = false;
    std::exception_ptr error;
    try {
      more = fill_(slot);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error) fail(filled_, error);
    if (!more) closed_ = true;
    if (!closed_) ready_.push_back({slot, filled_++});
    changed_.notify_all();
  }

  void work_one(std::unique_lock<std::mutex>& lock, std::size_t worker) {
    const Filled next = ready_.front();
    ready_.pop_front();
    lock.unlock();
    std::exception_ptr error;
    try {
      work_(next.slot, worker);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error) {
      fail(next.number, error);
      ready_.clear();  // all later than this one; whatever is earlier has been taken and is being done
    }
    free_.push_back(next.slot);
    changed_.notify_all();
  }

  void fail(std::size_t number, const std::exception_ptr& error) {
    closed_ = true;
    if (number >= failed_) return;
    failed_ = number;
    error_ = error;
  }

  const std::function<bool(std::size_t)>& fill_;
  const std::function<void(std::size_t, std::size_t)>& work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> free_;
  std::deque<Filled> ready_;
  std::size_t filled_ = 0;
  bool closed_ = false;  // nothing more is filled
  std::size_t failed_ = std::numeric_limits<std::size_t>::max();
  std::exception_ptr error_;
};

}  // namespace

void run_pipeline(std::size_t slots, std::size_t threads, const std::function<bool(std::size_t)>& fill,
                  const std::function<void(std::size_t, std::size_t)>& work) {
  Pipeline pipeline(slots, fill, work);
  std::atomic<bool> failed{false};
  on_threads(threads, failed, [&](std::size_t worker) {
    if (worker == 0) {
      pipeline.hand_out();
    } else {
      pipeline.help(worker);
    }
  });
  pipeline.rethrow();
}

}  // namespace snnl::parallel
