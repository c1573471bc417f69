/** A district's grades as somebody once printed them. */
export const grades =
  'Tổ đánh giá của huyện đã đọc và xếp loại 1.791 bài thu hoạch.\n\nKết quả: loại tốt 427 bài, chiếm 25,84%; loại khá 1.016 bài, chiếm 55,64%; loại trung bình 348 bài, chiếm 21,02%.'
/** The same as it should have been. */
export const rightGrades = grades.replace('25,84', '23,84').replace('55,64', '56,73').replace('21,02', '19,43')
